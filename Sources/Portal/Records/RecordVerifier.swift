// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures

/// What proves a record, judged again from the record alone: no network, no session, no clock but the record's.
struct RecordVerifier {
    let keys: PortalKeys
    let trust: TrustStore

    /// What was found. Each line is one fact; `isProved` only if all hold.
    struct Finding: Sendable, Equatable {
        var facts: [(holds: Bool, text: String)] = []

        var isProved: Bool { facts.allSatisfy(\.holds) }

        static func == (left: Finding, right: Finding) -> Bool {
            left.facts.elementsEqual(right.facts) { $0 == $1 }
        }
    }

    /// Judges a consent's record. Throws where it is none, or its contents do not open.
    func verify(_ record: StoredRecord) throws -> Finding {
        guard case .consent(let decision, let version) = record.draft.kind else {
            throw PortalProblem(.notFound)
        }
        var finding = Finding()
        func add(_ holds: Bool, _ text: String) { finding.facts.append((holds, text)) }

        add(
            equalInConstantTime(
                keys.link(record.draft.linked(to: record.previous, sequence: record.sequence)), record.link),
            "record \(record.sequence) is as it was written")
        let contents = try ConsentContents(record, keys)
        let signature: PortalSignature
        do {
            signature = try PortalSignature.open(contents.signature)
        } catch {
            add(false, "the signature verifies")
            return finding
        }
        add(true, "the signature verifies")
        add(signature.content == Array(contents.text.utf8), "what is signed is the recorded text")
        let lines = contents.text.split(separator: "\n", omittingEmptySubsequences: false)
        add(
            lines.contains("Karar: \(decision.signedWords)"), "the text says what the record says: \(decision.recorded)"
        )
        add(lines.contains("Beyan sürümü: \(version)"), "the statement's version is \(version)")
        let identity = signature.certificate.identity.flatMap { try? NationalIdentity(certified: $0) }
        add(identity.map(keys.digest(of:)) == record.draft.identity, "the certificate is that of the record's identity")
        add(
            (try? signature.judgeCertificate(trust: trust, at: record.draft.at)) != nil,
            "the certificate was valid, qualified and from a trusted issuer at \(Timestamp(seconds: record.draft.at).text)"
        )
        addRevocation(contents, at: record.draft.at, to: &finding)
        return finding
    }

    private func addRevocation(_ contents: ConsentContents, at time: Int64, to finding: inout Finding) {
        let chain = contents.chain.compactMap { try? CertificateFacts.read(der: $0) }
        guard chain.count >= 2, !contents.revocation.evidence.isEmpty else {
            finding.facts.append((true, "nothing was kept about its revocation"))
            return
        }
        let judgement = RevocationJudgement.best(
            of: contents.revocation.evidence, on: chain[0], issuer: chain[1], at: time)
        finding.facts.append((judgement?.status == .good, "it was not revoked then, by the answer that was kept"))
    }
}
