// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract
import Signatures

/// Writes what proves a record as files that other programs read. They are personal data: only their owner may read them.
struct RecordExport {
    let store: any PortalStore
    let keys: PortalKeys

    /// An application comes with the consent that it stands on. Throws where a file cannot be written, or the contents
    /// do not open.
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
        else { throw FileFailure(path: path, what: "cannot be written", code: errno) }
    }
}
