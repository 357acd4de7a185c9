// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures

/// What proves a record, judged again from the record alone: no network, no session, no clock but the record's.
struct RecordVerifier {
    let store: any PortalStore
    let keys: PortalKeys
    let trust: TrustStore

    /// What was found. Each line is one fact; `isProved` only if all hold.
    struct Finding: Sendable, Equatable {
        struct Fact: Sendable, Equatable {
            let holds: Bool
            let text: String
        }

        private(set) var facts: [Fact] = []

        var isProved: Bool { facts.allSatisfy(\.holds) }

        mutating func add(_ holds: Bool, _ text: String) { facts.append(Fact(holds: holds, text: text)) }
    }

    /// Judges a consent's record, or an application's with the consent that it stands on. Throws what the store throws.
    func verify(_ record: StoredRecord) async throws -> Finding {
        var finding = Finding()
        switch record.draft.kind {
        case .consent(let decision, let version): verify(record, decision, version, &finding)
        case .application(let kind, let consent, _): try await verify(record, kind, consent, &finding)
        }
        return finding
    }

    private func addLink(of record: StoredRecord, to finding: inout Finding) {
        let link = keys.link(record.draft.linked(to: record.previous, sequence: record.sequence))
        finding.add(equalInConstantTime(link, record.link), "record \(record.sequence) is as it was written")
    }

    // MARK: Applications

    private func verify(
        _ record: StoredRecord, _ kind: ApplicationKind, _ consent: String, _ finding: inout Finding
    ) async throws {
        addLink(of: record, to: &finding)
        let time = Timestamp(seconds: record.draft.at).text
        do {
            let contents = try ApplicationContents(record, keys)
            let identity = try NationalIdentity(certified: contents.identity)
            finding.add(
                keys.digest(of: identity) == record.draft.identity,
                "the applicant is the record's, for a \(kind.rawValue)")
        } catch {
            finding.add(false, "its contents can be read")
        }
        let standing = try await store.newestConsent(of: record.draft.identity, before: record.sequence)
        finding.add(
            standing?.draft.reference == consent, "E-Onay \(consent) was the applicant's newest decision at \(time)")
        guard let standing, case .consent(let decision, let version) = standing.draft.kind else { return }
        finding.add(decision == .accept, "it was an accepted one")
        verify(standing, decision, version, &finding)
    }

    // MARK: Consents

    private func verify(
        _ record: StoredRecord, _ decision: Decision, _ version: String, _ finding: inout Finding
    ) {
        addLink(of: record, to: &finding)
        guard let contents = try? ConsentContents(record, keys) else {
            finding.add(false, "its contents can be read")
            return
        }
        guard let signature = try? PortalSignature.open(contents.signature) else {
            finding.add(false, "the signature verifies")
            return
        }
        finding.add(true, "the signature verifies")
        finding.add(signature.content == Array(contents.text.utf8), "what is signed is the recorded text")
        let lines = contents.text.split(separator: "\n", omittingEmptySubsequences: false)
        finding.add(
            lines.contains("Karar: \(decision.signedWords)"), "the text says what the record says: \(decision.recorded)"
        )
        finding.add(lines.contains("Beyan sürümü: \(version)"), "the statement's version is \(version)")
        let identity = signature.certificate.identity.flatMap { try? NationalIdentity(certified: $0) }
        finding.add(
            identity.map(keys.digest(of:)) == record.draft.identity, "the certificate is that of the record's identity")
        finding.add(contents.chain.first == signature.certificate.der, "the certificates kept begin with the signer's")
        let chain = try? signature.judgeCertificate(
            trust: trust, intermediates: Array(contents.chain.dropFirst()), at: record.draft.at)
        let time = Timestamp(seconds: record.draft.at).text
        finding.add(chain != nil, "the certificate was valid, qualified and from a trusted issuer at \(time)")
        addRevocation(contents, at: record.draft.at, to: &finding)
    }

    /// What was kept about the revocation of each certificate of the chain but the anchor.
    private func addRevocation(_ contents: ConsentContents, at time: Int64, to finding: inout Finding) {
        let chain = contents.chain.compactMap { try? CertificateFacts.read(der: $0) }
        finding.add(chain.count == contents.chain.count, "the certificates kept can be read")
        let evidence = contents.revocation.evidence
        for (place, (certificate, issuer)) in zip(chain, chain.dropFirst()).enumerated() {
            let whose = place == 0 ? "the certificate" : "issuer \(place)"
            let judgement = RevocationJudgement.best(of: evidence, on: certificate, issuer: issuer, at: time)
            switch judgement?.status {
            case .good?: finding.add(true, "\(whose) was not revoked then, by the answer that was kept")
            case .revoked?, .unknown?: finding.add(false, "\(whose) was not revoked then, by the answer that was kept")
            // Policy "prefer" takes a signature although nobody answered.
            case nil: finding.add(evidence.isEmpty || place > 0, "nothing was kept about the revocation of \(whose)")
            }
        }
    }
}
