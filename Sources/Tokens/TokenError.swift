// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// Why a PKCS#11 module, a token or a key could not be used: what was answered, by which call, and what that means to the person.
///
/// Two errors are equal when their codes are. No text here ever holds a label, a PIN or bytes that were to be signed.
public struct TokenError: Error, Equatable, Sendable {
    /// The kind of the failure.
    public enum Code: Hashable, Sendable {
        /// A CK_RV other than CKR_OK; values this build does not know survive.
        case returned(UInt)
        /// The library could not be loaded; the reason is the loader's.
        case notLoadable(String)
        /// The module leaves this function out of its list.
        case missingFunction
        /// A count or length no token can mean.
        case absurdAnswer
        /// No private key for the certificate is on the token.
        case noPrivateKey
    }

    /// The remedy, in the terms of the bus contract.
    public enum Kind: Hashable, Sendable {
        case moduleUnusable, tokenNotRecognised, tokenRemoved, tokenFailed, noPrivateKey
        case pinIncorrect, pinLocked, pinInvalid, pinChangeRequired, pinEntryCancelled
    }

    public let code: Code
    /// The PKCS#11 function (or dlopen) that failed.
    public let call: String
    /// Whether the file is not there at all, as against one that is no module.
    public private(set) var fileIsMissing = false
    /// Whether a second look at the slots found the card gone: many modules answer CKR_GENERAL_ERROR to a removal.
    public private(set) var cardIsGone = false

    init(_ code: Code, call: String) {
        self.code = code
        self.call = call
    }

    /// The meaning of the failure.
    public var kind: Kind {
        if cardIsGone { return .tokenRemoved }
        // A module that answers so to its first calls is of no use.
        if call == "C_GetFunctionList" || call == "C_Initialize" { return .moduleUnusable }
        return switch code {
        case .returned(let value): Self.kinds[value] ?? .tokenFailed
        case .notLoadable, .missingFunction: .moduleUnusable
        case .absurdAnswer: .tokenFailed
        case .noPrivateKey: .noPrivateKey
        }
    }

    /// The stable machine detail, such as "CKR_DEVICE_REMOVED C_Sign".
    public var detail: String {
        switch code {
        case .returned(let value): "\(ReturnValue.name(of: value)) \(call)"
        case .notLoadable(let reason): reason
        case .missingFunction: "missing \(call)"
        case .absurdAnswer: "absurd answer \(call)"
        case .noPrivateKey: "no private key \(call)"
        }
    }

    /// Whether a module answered, and by what stands for anything and is often over at once.
    public var isVague: Bool { code == .returned(CKR_GENERAL_ERROR) || code == .returned(CKR_DEVICE_ERROR) }

    /// Whether the card does not even say what it is: another program holds it.
    public var isHeldElsewhere: Bool { code == .returned(CKR_DEVICE_ERROR) && call == "C_GetTokenInfo" }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    /// Whether the same value may also mean that the card has gone, so that the slots deserve a second look.
    var asksForASecondLook: Bool {
        guard case .returned(let value) = code else { return false }
        return Self.ambiguous.contains(value)
    }

    func knowingTheFileIsMissing() -> Self {
        var error = self
        error.fileIsMissing = true
        return error
    }

    func knowingTheCardIsGone() -> Self {
        var error = self
        error.cardIsGone = true
        return error
    }

    /// The choke point: every CK_RV of every module passes here.
    static func check(_ value: CK_RV, _ call: String) throws(TokenError) {
        guard value == CKR_OK else { throw TokenError(.returned(value), call: call) }
    }

    private static let kinds: [UInt: Kind] = [
        CKR_DEVICE_REMOVED: .tokenRemoved, CKR_TOKEN_NOT_PRESENT: .tokenRemoved,
        CKR_TOKEN_NOT_RECOGNIZED: .tokenNotRecognised,
        CKR_PIN_INCORRECT: .pinIncorrect, CKR_PIN_LOCKED: .pinLocked,
        CKR_PIN_LEN_RANGE: .pinInvalid, CKR_PIN_INVALID: .pinInvalid,
        CKR_PIN_EXPIRED: .pinChangeRequired, CKR_USER_PIN_NOT_INITIALIZED: .pinChangeRequired,
        CKR_FUNCTION_CANCELED: .pinEntryCancelled, CKR_CANCEL: .pinEntryCancelled,
    ]

    private static let ambiguous: Set<UInt> = [
        CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_DEVICE_ERROR, CKR_SLOT_ID_INVALID, CKR_SESSION_HANDLE_INVALID,
        CKR_SESSION_CLOSED, CKR_OBJECT_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID, CKR_TOKEN_NOT_RECOGNIZED,
        CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED,
    ]
}

/// The names of PKCS#11's return values, for details that people search for.
enum ReturnValue {
    /// "CKR_PIN_INCORRECT", or "CKR_0x80000001" for a value without a name.
    static func name(of value: UInt) -> String {
        names[value] ?? "CKR_0x" + String(value, radix: 16)
    }

    private static let names: [UInt: String] = [
        CKR_CANCEL: "CKR_CANCEL",
        CKR_HOST_MEMORY: "CKR_HOST_MEMORY",
        CKR_SLOT_ID_INVALID: "CKR_SLOT_ID_INVALID",
        CKR_GENERAL_ERROR: "CKR_GENERAL_ERROR",
        CKR_FUNCTION_FAILED: "CKR_FUNCTION_FAILED",
        CKR_ARGUMENTS_BAD: "CKR_ARGUMENTS_BAD",
        CKR_NEED_TO_CREATE_THREADS: "CKR_NEED_TO_CREATE_THREADS",
        CKR_CANT_LOCK: "CKR_CANT_LOCK",
        CKR_ATTRIBUTE_SENSITIVE: "CKR_ATTRIBUTE_SENSITIVE",
        CKR_ATTRIBUTE_TYPE_INVALID: "CKR_ATTRIBUTE_TYPE_INVALID",
        CKR_ATTRIBUTE_VALUE_INVALID: "CKR_ATTRIBUTE_VALUE_INVALID",
        CKR_ACTION_PROHIBITED: "CKR_ACTION_PROHIBITED",
        CKR_DATA_INVALID: "CKR_DATA_INVALID",
        CKR_DATA_LEN_RANGE: "CKR_DATA_LEN_RANGE",
        CKR_DEVICE_ERROR: "CKR_DEVICE_ERROR",
        CKR_DEVICE_MEMORY: "CKR_DEVICE_MEMORY",
        CKR_DEVICE_REMOVED: "CKR_DEVICE_REMOVED",
        CKR_FUNCTION_CANCELED: "CKR_FUNCTION_CANCELED",
        CKR_FUNCTION_NOT_SUPPORTED: "CKR_FUNCTION_NOT_SUPPORTED",
        CKR_KEY_HANDLE_INVALID: "CKR_KEY_HANDLE_INVALID",
        CKR_KEY_SIZE_RANGE: "CKR_KEY_SIZE_RANGE",
        CKR_KEY_TYPE_INCONSISTENT: "CKR_KEY_TYPE_INCONSISTENT",
        CKR_KEY_FUNCTION_NOT_PERMITTED: "CKR_KEY_FUNCTION_NOT_PERMITTED",
        CKR_MECHANISM_INVALID: "CKR_MECHANISM_INVALID",
        CKR_MECHANISM_PARAM_INVALID: "CKR_MECHANISM_PARAM_INVALID",
        CKR_OBJECT_HANDLE_INVALID: "CKR_OBJECT_HANDLE_INVALID",
        CKR_OPERATION_ACTIVE: "CKR_OPERATION_ACTIVE",
        CKR_OPERATION_NOT_INITIALIZED: "CKR_OPERATION_NOT_INITIALIZED",
        CKR_PIN_INCORRECT: "CKR_PIN_INCORRECT",
        CKR_PIN_INVALID: "CKR_PIN_INVALID",
        CKR_PIN_LEN_RANGE: "CKR_PIN_LEN_RANGE",
        CKR_PIN_EXPIRED: "CKR_PIN_EXPIRED",
        CKR_PIN_LOCKED: "CKR_PIN_LOCKED",
        CKR_SESSION_CLOSED: "CKR_SESSION_CLOSED",
        CKR_SESSION_COUNT: "CKR_SESSION_COUNT",
        CKR_SESSION_HANDLE_INVALID: "CKR_SESSION_HANDLE_INVALID",
        CKR_SESSION_PARALLEL_NOT_SUPPORTED: "CKR_SESSION_PARALLEL_NOT_SUPPORTED",
        CKR_SESSION_READ_ONLY: "CKR_SESSION_READ_ONLY",
        CKR_TOKEN_NOT_PRESENT: "CKR_TOKEN_NOT_PRESENT",
        CKR_TOKEN_NOT_RECOGNIZED: "CKR_TOKEN_NOT_RECOGNIZED",
        CKR_SESSION_READ_ONLY_EXISTS: "CKR_SESSION_READ_ONLY_EXISTS",
        CKR_TOKEN_WRITE_PROTECTED: "CKR_TOKEN_WRITE_PROTECTED",
        CKR_USER_ALREADY_LOGGED_IN: "CKR_USER_ALREADY_LOGGED_IN",
        CKR_USER_NOT_LOGGED_IN: "CKR_USER_NOT_LOGGED_IN",
        CKR_USER_PIN_NOT_INITIALIZED: "CKR_USER_PIN_NOT_INITIALIZED",
        CKR_USER_TYPE_INVALID: "CKR_USER_TYPE_INVALID",
        CKR_USER_ANOTHER_ALREADY_LOGGED_IN: "CKR_USER_ANOTHER_ALREADY_LOGGED_IN",
        CKR_USER_TOO_MANY_TYPES: "CKR_USER_TOO_MANY_TYPES",
        CKR_BUFFER_TOO_SMALL: "CKR_BUFFER_TOO_SMALL",
        CKR_CRYPTOKI_NOT_INITIALIZED: "CKR_CRYPTOKI_NOT_INITIALIZED",
        CKR_CRYPTOKI_ALREADY_INITIALIZED: "CKR_CRYPTOKI_ALREADY_INITIALIZED",
        CKR_LIBRARY_LOAD_FAILED: "CKR_LIBRARY_LOAD_FAILED",
        CKR_FUNCTION_REJECTED: "CKR_FUNCTION_REJECTED",
    ]
}
