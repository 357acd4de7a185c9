// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no certificate that can be read.
public struct CertificateError: Error, Sendable, Equatable {
    /// What to act on.
    public enum Code: String, Sendable {
        /// More than `CertificateFacts.maximumLength` octets.
        case tooLarge = "too-large"
        /// No X.509 certificate in DER, or one that ends too early.
        case malformed = "malformed"
        /// PEM armour that holds no certificate, or whose base64 is broken.
        case badArmour = "bad-armour"
        /// libcrypto could not read what this library could.
        case refused = "refused"
    }

    /// What to act on.
    public let code: Code

    /// Where reading stopped, for a developer: "validity", "subject". Never holds certificate content.
    public let detail: String

    /// Equal by code: the detail is for logs.
    public static func == (left: CertificateError, right: CertificateError) -> Bool {
        left.code == right.code
    }
}
