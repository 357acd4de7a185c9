// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// What the service is asked for.
struct ApprovalOrder: Sendable {
    enum Kind: Sendable {
        case approve(decision: String)
        case signCode(String)
        case renew

        /// The command's name.
        var command: String {
            switch self {
            case .approve: "approve"
            case .signCode: "sign"
            case .renew: "renew"
            }
        }
    }

    let kind: Kind
    /// "" for the one that can do it.
    let certificate: String
    let portal: String?
    let wait: UInt32
    let finalTry: Bool
    /// Whether the person is asked before the PIN is.
    let confirms: Bool
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
        confirms = false
    }

    /// What a page's address asks for. Neither the address nor the page has a say in anything but code and portal.
    init(_ link: SignLink) {
        kind = .signCode(link.code.digits)
        (certificate, portal, wait, finalTry, identity) = ("", link.portal.text, 300, false, nil)
        (confirms, way) = (true, .window)
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

    /// - Parameter withDisplay: the service takes our display; one of an earlier version refuses what it does not know.
    func arguments(certificate: String, withDisplay: Bool) -> [Value] {
        var options = self.options
        if withDisplay, case .window = way {
            let display = Surroundings.display
            options["display"] = display.display.map { .string($0) }
            options["wayland-display"] = display.waylandDisplay.map { .string($0) }
            options["xauthority"] = display.authority.map { .string($0) }
        }
        return switch kind {
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
        if confirms { options["confirm"] = .bool(true) }
        if let portal { options["portal"] = .string(portal) }
        if let identity { options["identity"] = .string(identity) }
        if let locale = Surroundings.locale { options["locale"] = .string(locale) }
        return options
    }
}
