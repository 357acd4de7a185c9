// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// Why a job could not do what it was asked.
///
/// It holds no text for people: `eonayd` makes that from `name`. It never holds a PIN, a verification code, an identity number, a
/// name or a label.
public struct JobFailure: Error, Codable, Sendable, Equatable {
    /// The failure's name on the bus.
    public var name: ErrorName
    /// How the PIN stands after one was tried, or the PUK where that was; nil where none was.
    public var pinState: PINState?
    /// The problem that the portal answered with; nil where there was no such answer.
    public var problem: ProblemName?
    /// How much a PKCS#11 module's error says; nil where the failure is not a module's.
    public var module: ModuleAnswer?
    /// A stable word for logs and programs, such as "CKR_DEVICE_REMOVED C_Sign"; may be empty. No decision depends on it.
    public var detail: String

    /// Creates the value from its fields.
    public init(
        _ name: ErrorName, _ detail: String = "", pinState: PINState? = nil, problem: ProblemName? = nil,
        module: ModuleAnswer? = nil
    ) {
        self.name = name
        self.pinState = pinState
        self.problem = problem
        self.module = module
        self.detail = detail
    }

    /// How much a module's error says.
    public enum ModuleAnswer: String, Codable, Sendable {
        /// It stands for anything, often for something that is over at once.
        case vague
        /// It names the fault.
        case definite
    }
}
