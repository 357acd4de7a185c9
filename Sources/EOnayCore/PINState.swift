// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a token's flags tell of its PIN. The raw value is the word of the bus.
public enum PINState: String, Sendable, CaseIterable {
    /// The token does not say.
    case unknown
    /// No wrong try is counted.
    case ok
    /// A wrong PIN was entered since the last right one; how many tries are left is not known.
    case countLow = "count-low"
    /// One more wrong PIN locks it.
    case finalTry = "final-try"
    case locked
}

extension PINState {
    /// The guard of the last try: a wrong PIN now would lock the card, so somebody must have said yes to that.
    func check(finalTry: Bool) throws(ApprovalFailure) {
        if self == .locked { throw ApprovalFailure(.pinLocked) }
        if self == .finalTry && !finalTry { throw ApprovalFailure(.pinFinalTry) }
    }
}
