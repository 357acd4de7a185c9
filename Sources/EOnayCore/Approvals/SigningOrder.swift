// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One signature that the token job is to make.
public struct SigningOrder: Codable, Sendable, Equatable {
    public let purpose: Purpose
    public let code: VerificationCode
    /// The declaration to sign, for a consent.
    public let declaration: Declaration?
    /// The declaration shown before the PIN is entered: for a login, the one that will follow it.
    public let shown: Declaration?
    /// When the code lapses: UTC seconds, for people.
    public let deadline: Int64
    /// The same in seconds from now, for the monotonic clock.
    public let secondsLeft: UInt32
    public let step: UInt32
    public let steps: UInt32

    public init(
        purpose: Purpose, code: VerificationCode, declaration: Declaration?, shown: Declaration?, deadline: Int64,
        secondsLeft: UInt32, step: UInt32, steps: UInt32
    ) {
        self.purpose = purpose
        self.code = code
        self.declaration = declaration
        self.shown = shown
        self.deadline = deadline
        self.secondsLeft = secondsLeft
        self.step = step
        self.steps = steps
    }
}
