// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract

/// What the service is asked for.
struct ApprovalOrder: Sendable {
    enum Kind: Sendable {
        case approve(decision: String)
        case signCode(String)
        case renew
    }

    let kind: Kind
    /// "" for the one that can do it.
    let certificate: String
    let portal: String?
    let wait: UInt32
    let finalTry: Bool
    let identity: String?
    let way: PINWay
    /// Random, so that the object's path is known, and its signals are heard, before the call is made.
    let handleToken = "eonay_" + String(UInt64.random(in: .min ... .max), radix: 36)

    init(_ kind: Kind, _ choices: ApprovalChoices, identity: String?, way: PINWay) {
        self.kind = kind
        certificate = choices.certificate.lowercased()
        (portal, wait, finalTry) = (choices.portal, choices.wait, choices.finalTry)
        self.identity = identity
        self.way = way
    }

    var path: ObjectPath {
        get throws { try Contract.approvalPath(handleToken: handleToken) }
    }

    var member: String {
        switch kind {
        case .approve: "Approve"
        case .signCode: "SignCode"
        case .renew: "Renew"
        }
    }

    func arguments(certificate: String) -> [Value] {
        switch kind {
        case .approve(let word), .signCode(let word): [.string(certificate), .string(word), .options(options)]
        case .renew: [.string(certificate), .options(options)]
        }
    }

    private var options: [String: Value] {
        var options = way.options
        options["handle-token"] = .string(handleToken)
        options["bound"] = .bool(true)
        options["wait"] = .uint32(wait)
        options["final-try"] = .bool(finalTry)
        if let portal { options["portal"] = .string(portal) }
        if let identity { options["identity"] = .string(identity) }
        if let locale = Surroundings.locale { options["locale"] = .string(locale) }
        return options
    }
}
