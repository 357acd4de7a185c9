// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PortalContract
import Signatures

/// What was found out about the revocation of a chain, as the octets that prove it.
struct RevocationFinding: WireValue, Equatable {
    /// OCSP answers and revocation lists; empty where nobody was asked or nobody answered.
    let evidence: [RevocationEvidence]

    static let none = RevocationFinding(evidence: [])

    init(evidence: [RevocationEvidence]) { self.evidence = evidence }

    init(json: JSON) throws(InvalidMessage) {
        let answers = try json.octetLists("ocsp").map(RevocationEvidence.ocsp)
        let lists = try json.octetLists("crl").map(RevocationEvidence.crl)
        evidence = answers + lists
    }

    var json: JSON {
        var answers: [JSON] = []
        var lists: [JSON] = []
        for piece in evidence {
            switch piece {
            case .ocsp(let der): answers.append(.string(Base64.encode(der)))
            case .crl(let der): lists.append(.string(Base64.encode(der)))
            }
        }
        return .members(("ocsp", .array(answers)), ("crl", .array(lists)))
    }
}
