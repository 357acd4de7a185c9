// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension CertificateFacts {
    /// SHA-256 of salt and identity number: equal for certificates of one person, and says nothing without the salt.
    /// Empty where the certificate bears no number.
    public func personKey(salt: [UInt8]) -> [UInt8] {
        identity.map { Digest.sha256.hash(salt + Array($0.utf8)) } ?? []
    }

    /// The subject in one line, its identity number masked.
    public var maskedSubject: String {
        guard let identity, !identity.isEmpty else { return subject.text }
        return subject.text.replacing(identity, with: maskedIdentity)
    }
}
