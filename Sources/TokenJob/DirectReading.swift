// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CardFiles
import Confinement
import EOnayCore
import Glibc
import JobFrames
import Signatures
import SystemBasics

/// Reads the certificates of a card by PC/SC alone, where no module knows it (docs/decisions/0033).
enum DirectReading {
    /// A card of two certificates takes a second.
    private static let limit: Duration = .seconds(10)

    /// Nil where the card has no place for certificates that we know, or nothing in it. Throws `JobFailure`.
    static func description(_ request: ReadRequest) throws(JobFailure) -> TokenDescription? {
        let content: AKISCard.Content?
        do throws(CardFileError) { content = try AKISCard.read(reader: request.reader, within: limit) } catch {
            throw JobFailure(error)
        }
        guard let content, !content.files.isEmpty || content.unreadable > 0 else { return nil }
        var certificates: [CertificateDescription] = []
        var broken = content.unreadable
        for file in content.files {
            do throws(CertificateError) {
                let facts = try CertificateFacts.read(der: file)
                guard !certificates.contains(where: { $0.id == facts.id }) else { continue }
                certificates.append(CertificateDescription(facts, salt: request.identitySalt))
            } catch {
                broken += 1
            }
        }
        return TokenDescription(
            label: "", manufacturer: "", model: CardFamily.akis.name, pinState: .unknown,
            protectedAuthenticationPath: false, certificates: certificates, broken: UInt32(clamping: broken))
    }
}

extension JobFailure {
    fileprivate init(_ error: CardFileError) {
        let name: ErrorName =
            switch error.kind {
            case .removed: .tokenRemoved
            case .busy: .tokenBusy
            case .failed: .tokenFailed
            }
        self.init(name, error.detail)
    }
}

extension Confinement {
    /// For a job that reads a card by itself: no file but the system's, and pcscd's socket.
    static var readingCard: Confinement {
        var confinement = Confinement(network: .none)
        confinement.allow("/run/pcscd")
        confinement.allow(variable: "PCSCLITE_CSOCK_NAME")
        return confinement
    }
}
