// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension CertificateFacts {
    /// SHA-256 of salt and identity number: equal for certificates of one person, and says nothing without the salt.
    /// Empty where the certificate bears no number.
    public func personKey(salt: [UInt8]) -> [UInt8] {
        identity.map { Digest.sha256.hash(salt + Array($0.utf8)) } ?? []
    }

    /// A text of the certificate with its own identity number masked; other numbers are the caller's to mask.
    public func maskingIdentity(in text: String) -> String {
        guard let identity, identity.count > 3 else { return text }
        return text.replacing(identity, with: maskedIdentity)
    }
}
