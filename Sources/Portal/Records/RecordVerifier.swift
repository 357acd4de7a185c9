// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures
import SystemBasics

/// Judges the proof of a record again, from the record alone: without network, session, or any time but the record's.
struct RecordVerifier {
    let store: any PortalStore
    let keys: PortalKeys
    let trust: TrustStore

    /// The facts, one a line. The record is proved if all hold.
    struct Finding: Sendable, Equatable {
        struct Fact: Sendable, Equatable {
            let holds: Bool
            let text: String
        }

        private(set) var facts: [Fact] = []

        var isProved: Bool { facts.allSatisfy(\.holds) }

        mutating func add(_ holds: Bool, _ text: String) { facts.append(Fact(holds: holds, text: text)) }
    }

    /// Judges a consent's record, or an application's with its consent. Throws what the store throws.
    func verify(_ record: StoredRecord) async throws -> Finding {
        var finding = Finding()
        switch record.draft.kind {
        case .consent(let decision, let version): try await verify(record, decision, version, &finding)
        case .application(let kind, let consent, _): try await verify(record, kind, consent, &finding)
        }
        return finding
    }

    private func addLink(of record: StoredRecord, to finding: inout Finding) {
        finding.add(keys.hasLinked(record), "record \(record.sequence) is as it was written")
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
        try await verify(standing, decision, version, &finding)
    }

    // MARK: Consents

    private func verify(
        _ record: StoredRecord, _ decision: Decision, _ version: String, _ finding: inout Finding
    ) async throws {
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
        let identity = signature.certificate.identity.flatMap { try? NationalIdentity(certified: $0) }
        finding.add(
            identity.map(keys.digest(of:)) == record.draft.identity, "the certificate is that of the record's identity")
        let composed = try await composed(contents.text, identity, decision, version)
        finding.add(
            composed == contents.text,
            "the text is that of this decision (\(decision.recorded)), holder and statement (version \(version))")
        finding.add(contents.chain.first == signature.certificate.der, "the certificates kept begin with the signer's")
        let chain = try? signature.judgeCertificate(
            trust: trust, intermediates: Array(contents.chain.dropFirst()), at: record.draft.at)
        let time = Timestamp(seconds: record.draft.at).text
        finding.add(chain != nil, "the certificate was valid, qualified and from a trusted issuer at \(time)")
        try await addRevocation(contents, at: record.draft.at, to: &finding)
    }

    /// The text of contract/portal.md, from the record's fields and the stored statement; portal and code are the text's.
    private func composed(
        _ text: String, _ identity: NationalIdentity?, _ decision: Decision, _ version: String
    ) async throws -> String? {
        func field(_ name: String) -> String {
            let start = name + ": "
            return text.split(separator: "\n").first { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
                ?? ""
        }
        guard let identity, let statement = try await store.statement(version: version),
            let portal = try? Origin(field("Portal")), let code = try? VerificationCode(field("Doğrulama kodu")),
            let declaration = try? Declaration(
                decision: decision, version: version, statement: statement.text(of: decision))
        else { return nil }
        return SignedText.consent(portal: portal, identity: identity, code: code, declaration: declaration).text
    }

    /// Adds what the record knows about the revocation of each certificate of the chain but the anchor.
    private func addRevocation(_ contents: ConsentContents, at time: Int64, to finding: inout Finding) async throws {
        let chain = contents.chain.compactMap { try? CertificateFacts.read(der: $0) }
        finding.add(chain.count == contents.chain.count, "the certificates kept can be read")
        guard let evidence = try await contents.revocation.evidence(in: store) else {
            finding.add(false, "the revocation lists that it names are there")
            return
        }
        for (place, (certificate, issuer)) in zip(chain, chain.dropFirst()).enumerated() {
            let whose = place == 0 ? "the certificate" : "issuer \(place)"
            let judgement = RevocationJudgement.best(of: evidence, on: certificate, issuer: issuer, at: time)
            switch judgement?.status {
            case .good?: finding.add(true, "\(whose) was not revoked then, by the answer that was kept")
            case .revoked?, .unknown?: finding.add(false, "\(whose) was not revoked then, by the answer that was kept")
            case nil: addUnknown(whose, contents.revocation.policy, to: &finding)
            }
        }
    }

    /// The record knows nothing of it. The policy "prefer" allowed that; under "require" something is missing.
    private func addUnknown(_ whose: String, _ policy: RevocationPolicy?, to finding: inout Finding) {
        switch policy {
        case .require?: finding.add(false, "\(whose) was not revoked then, which had to be known")
        case .prefer?: finding.add(true, "whether \(whose) was revoked was not known then, and did not have to be")
        case nil:
            finding.add(true, "whether \(whose) was revoked is unknown: the record does not say what was demanded")
        }
    }
}

/// Exports the proof of a record as files for other programs. They are personal data: only their owner may read them.
struct RecordExport {
    let store: any PortalStore
    let keys: PortalKeys

    /// An application comes with its consent. Throws if a file cannot be written, or the contents do not open.
    func write(_ record: StoredRecord, to folder: String) async throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        switch record.draft.kind {
        case .consent: try await writeConsent(record, to: folder)
        case .application(_, let consent, _):
            let contents = try ApplicationContents(record, keys)
            try write("application.json", contents.json.utf8, to: folder)
            guard let standing = try await store.record(consent) else { return }
            try await writeConsent(standing, to: folder)
        }
    }

    private func writeConsent(_ record: StoredRecord, to folder: String) async throws {
        let contents = try ConsentContents(record, keys)
        try write("text.txt", Array(contents.text.utf8), to: folder)
        try write("signature.p7s", contents.signature, to: folder)
        for (place, certificate) in contents.chain.enumerated() {
            try write("certificate-\(place).der", certificate, to: folder)
        }
        for (place, piece) in (try await contents.revocation.evidence(in: store) ?? []).enumerated() {
            switch piece {
            case .ocsp(let der): try write("revocation-\(place).ocsp", der, to: folder)
            case .crl(let der): try write("revocation-\(place).crl", der, to: folder)
            }
        }
    }

    private func write(_ name: String, _ bytes: [UInt8], to folder: String) throws {
        let path = folder + "/" + name
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        else { throw SystemError.last("createFile \(path)") }
    }
}
