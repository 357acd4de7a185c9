// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The bytes of an answer or list, as they came.
public enum RevocationEvidence: Sendable, Equatable {
    /// An OCSPResponse, DER (RFC 6960, 4.2.1).
    case ocsp([UInt8])
    /// A CertificateList, DER or PEM (RFC 5280, 5.1).
    case crl([UInt8])
}
