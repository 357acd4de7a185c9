// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import JobFrames

/// The options of `Approve`, `SignCode` and `Renew`, and those about the prompt of `ChangePin` and `UnblockPin`, as the contract names them.
struct ApprovalOptions: Sendable {
    var handleToken: String?
    var isBound = false
    var portal: String?
    var identity: NationalIdentity?
    var wait: UInt32 = 0
    var isInteractive = true
    var finalTry = false
    /// The person is asked whether to go on, before the PIN is.
    var confirms = false
    /// Where the PIN is read from instead of being asked for.
    var pin: FileDescriptorHandle?
    /// The caller's terminal.
    var terminal: FileDescriptorHandle?
    var locale: String?
    /// Where the caller's session shows windows.
    var display = SessionDisplay()

    /// The longest wait for a card: a day.
    static let longestWait: UInt32 = 86_400
    static let longestText = 1024

    init() {}

    /// Reads `a{sv}`. Throws `invalidArgument` for an unknown option, a wrong type or a value out of range, `invalidIdentity`
    /// for a number that is nobody's.
    ///
    /// - Parameter known: those that the method takes.
    init(_ reader: inout MessageReader, of known: Set<ApprovalOption> = Set(ApprovalOption.allCases)) throws {
        try reader.options { (option, value) in
            guard known.contains(option) else {
                throw ServiceError(.invalidArgument, detail: "option \(option.rawValue.debugDescription)")
            }
            try self.take(option, from: &value)
        }
        if confirms, pin != nil || !isInteractive { throw ServiceError(.invalidArgument, detail: "option confirm") }
    }

    private mutating func take(_ option: ApprovalOption, from value: inout MessageReader) throws {
        switch option {
        case .handleToken: handleToken = try Self.checked(handleToken: value.string())
        case .bound: isBound = try value.bool()
        case .portal: portal = try Self.limited(value.string())
        case .identity: identity = try Self.checked(identity: value.string())
        case .wait: wait = try Self.checked(wait: value.uint32())
        case .interactive: isInteractive = try value.bool()
        case .finalTry: finalTry = try value.bool()
        case .confirm: confirms = try value.bool()
        case .pin: pin = try value.descriptor()
        case .terminal: terminal = try value.descriptor()
        case .locale: locale = try Self.limited(value.string())
        case .display: try show("DISPLAY", of: option, value.string())
        case .waylandDisplay: try show("WAYLAND_DISPLAY", of: option, value.string())
        case .xauthority: try show("XAUTHORITY", of: option, value.string())
        }
    }

    /// The display variables of the caller's own environment; only values that such a variable can have are handed on.
    private mutating func show(_ variable: String, of option: ApprovalOption, _ value: String) throws {
        guard display.set(variable, to: value) else {
            throw ServiceError(.invalidArgument, detail: "option \(option.rawValue)")
        }
    }

    private static func checked(handleToken: String) throws -> String {
        let allowed = { (octet: UInt8) in
            (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                || octet == 0x5F
        }
        guard (1...64).contains(handleToken.utf8.count), handleToken.utf8.allSatisfy(allowed) else {
            throw ServiceError(.invalidArgument, detail: "option handle-token")
        }
        return handleToken
    }

    private static func checked(identity: String) throws -> NationalIdentity {
        do { return try NationalIdentity(typed: identity) } catch { throw ServiceError(.invalidIdentity) }
    }

    private static func checked(wait: UInt32) throws -> UInt32 {
        guard wait <= longestWait else { throw ServiceError(.invalidArgument, detail: "option wait") }
        return wait
    }

    private static func limited(_ text: String) throws -> String {
        guard text.utf8.count <= longestText else {
            throw ServiceError(.invalidArgument, detail: "length of an option")
        }
        return text
    }

    /// Whether a person is shown a prompt.
    var asksPerson: Bool { pin == nil && isInteractive }

    /// How the PIN will be asked for. A descriptor goes before a terminal, a terminal before a window.
    func prompt(pinentry: String?) -> PINPrompt {
        if pin != nil { return .descriptor }
        guard isInteractive else { return .none }
        return terminal != nil ? .terminal : .pinentry(path: pinentry)
    }
}
