// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PortalContract

/// What was found out about a certificate's revocation, with the octets that prove it.
struct RevocationFinding: WireValue, Equatable {
    /// How it was found out.
    enum Source: String, Sendable {
        case ocsp
        case crl
        /// Nobody was asked: the policy does not demand it, or nobody answered.
        case none
    }

    let source: Source
    /// The OCSP answer or the revocation list, DER; empty where nothing came.
    let evidence: [UInt8]

    static let none = RevocationFinding(source: .none, evidence: [])

    init(source: Source, evidence: [UInt8]) {
        self.source = source
        self.evidence = evidence
    }

    init(json: JSON) throws(InvalidMessage) {
        source = try json.word("source")
        evidence = try json.octets("evidence")
    }

    var json: JSON {
        .members(("source", .string(source.rawValue)), ("evidence", .string(Base64.encode(evidence))))
    }
}
