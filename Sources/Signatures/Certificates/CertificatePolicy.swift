// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A policy that a certificate was issued under (RFC 5280, 4.2.1.4).
public struct CertificatePolicy: Sendable, Hashable {
    /// In dotted decimal.
    public let identifier: String
    /// Where the practice statement can be read.
    public let practiceStatements: [String]
    /// The user notices' texts.
    public let notices: [String]
}
