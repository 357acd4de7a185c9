// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import Glibc
import Texts

/// The options that `approve` and `sign` share.
struct ApprovalChoices: ParsableArguments {
    @Option(
        name: [.customLong("certificate"), .customShort("c")],
        help: .text(
            "The certificate: its id, or eight or more of its first digits. Without it, the one that can do it."))
    var certificate = ""

    @Option(help: .text("One of the configured portals; without it, the first."))
    var portal: String?

    @Option(help: .text("Seconds to wait for the card to be put in."))
    var wait: UInt32 = 0

    @Flag(help: .text("Ask for the T.C. Kimlik No that the card must bear, or read it from standard input."))
    var identity = false

    @Flag(help: .text("Go on although one PIN try is left."))
    var finalTry = false

    @Option(
        name: .customLong("pin-fd"), help: .text("Read the PIN from this descriptor, a line for each time it is asked.")
    )
    var pinDescriptor: Int32?

    @Flag(name: .customLong("no-prompt"), help: .text("Fail rather than ask for the PIN."))
    var neverPrompts = false

    @Flag(help: .text("Ask for the PIN on this terminal, also where a window could be shown."))
    var terminal = false

    /// Throws `Failure` for options that exclude each other, and for a word that is no certificate's id. Not `validate()`, which the parser
    /// runs before it looks for unknown options: it would blame `--acept` on a missing `--accept`.
    func check(of command: String) throws(Failure) {
        if terminal && neverPrompts {
            throw Failure(.rule(Texts.marked("--terminal and --no-prompt exclude each other.")), of: command)
        }
        if pinDescriptor != nil && (terminal || neverPrompts) {
            throw Failure(.rule(Texts.marked("--pin-fd goes with neither --terminal nor --no-prompt.")), of: command)
        }
        if !certificate.isEmpty { try ServiceSnapshot.check(reference: certificate) }
    }
}

/// A request to the service for an approval.
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
    let pinEntry: PINEntryMethod
    /// Random, so that the object's path is known, and its signals are heard, before the call is made.
    let handleToken = "eonay_" + String(UInt64.random(in: .min ... .max), radix: 36)

    init(_ kind: Kind, _ choices: ApprovalChoices, identity: String?, pinEntry: PINEntryMethod) {
        self.kind = kind
        certificate = choices.certificate.lowercased()
        (portal, wait, finalTry) = (choices.portal, choices.wait, choices.finalTry)
        self.identity = identity
        self.pinEntry = pinEntry
        confirms = false
    }

    /// The request of a page's address. Neither the address nor the page decides anything but code and portal.
    init(_ link: SignLink) {
        kind = .signCode(link.code.digits)
        (certificate, portal, wait, finalTry, identity) = ("", link.portal.text, 300, false, nil)
        (confirms, pinEntry) = (true, .window)
    }

    var path: ObjectPath {
        get throws { try Contract.approvalPath(handleToken: handleToken) }
    }

    /// The method to call, and its arguments.
    ///
    /// - Parameter withDisplay: whether the service knows the display's options; an earlier version refuses unknown ones.
    func call(certificate: String, withDisplay: Bool) -> (method: ServiceInterface.Method, arguments: [Value]) {
        let options = Value.approvalOptions(options(withDisplay: withDisplay))
        return switch kind {
        case .approve(let decision): (.approve, [.string(certificate), .string(decision), options])
        case .signCode(let code): (.signCode, [.string(certificate), .string(code), options])
        case .renew: (.renew, [.string(certificate), options])
        }
    }

    private func options(withDisplay: Bool) -> [ApprovalOption: Value] {
        var options: [ApprovalOption: Value] = [
            .handleToken: .string(handleToken), .bound: .bool(true), .wait: .uint32(wait), .finalTry: .bool(finalTry),
        ]
        if confirms { options[.confirm] = .bool(true) }
        options[.portal] = portal.map { .string($0) }
        options[.identity] = identity.map { .string($0) }
        options[.locale] = Surroundings.locale.map { .string($0) }
        return options.merging(pinEntry.options(withDisplay: withDisplay)) { $1 }
    }
}

/// The way of the PIN to the card.
enum PINEntryMethod: Sendable {
    /// The service shows a window (pinentry).
    case window
    case terminal(TerminalLoan)
    case descriptor(FileDescriptorHandle)
    case none

    /// - Throws: `Failure` `.usage` for a descriptor that is not open; `PinPromptUnavailable` where --terminal has none.
    init(_ choices: ApprovalChoices) throws {
        try self.init(
            descriptor: choices.pinDescriptor, neverPrompts: choices.neverPrompts, onTerminal: choices.terminal,
            of: "approve")
    }

    init(descriptor: Int32?, neverPrompts: Bool, onTerminal: Bool, of command: String) throws {
        if let number = descriptor {
            guard let handle = FileDescriptorHandle(duplicating: number) else {
                throw Failure(.closedDescriptor(number, option: "--pin-fd"), of: command)
            }
            self = .descriptor(handle)
        } else if neverPrompts {
            self = .none
        } else if onTerminal {
            guard let loan = TerminalLoan() else { throw Failure(.pinPromptUnavailable, detail: "/dev/tty") }
            self = .terminal(loan)
        } else if !Surroundings.hasDisplay, isatty(STDIN_FILENO) == 1, let loan = TerminalLoan() {
            // Over ssh, or on a text console.
            self = .terminal(loan)
        } else {
            self = .window
        }
    }

    /// The options of a call by which the service asks this way.
    ///
    /// - Parameter withDisplay: whether the service knows the display's; an earlier version refuses unknown ones.
    func options(withDisplay: Bool) -> [ApprovalOption: Value] {
        var options: [ApprovalOption: Value] = [:]
        switch self {
        case .window:
            guard withDisplay else { break }
            let display = Surroundings.display
            options[.display] = display.display.map { .string($0) }
            options[.waylandDisplay] = display.waylandDisplay.map { .string($0) }
            options[.xauthority] = display.authority.map { .string($0) }
        case .terminal(let loan): options[.terminal] = .descriptor(loan.handle)
        case .descriptor(let handle): options[.pin] = .descriptor(handle)
        case .none: options[.interactive] = .bool(false)
        }
        return options
    }

    var asksInWindow: Bool { if case .window = self { true } else { false } }

    var loan: TerminalLoan? {
        if case .terminal(let loan) = self { loan } else { nil }
    }
}
