// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The state of a PIN by a token's flags. The raw value is the word of the bus.
public enum PINState: String, Codable, Sendable, CaseIterable {
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
    /// Of two states of one PIN, the one nearer to the lock.
    public static func worse(_ one: PINState, _ other: PINState) -> PINState {
        rank(one) >= rank(other) ? one : other
    }

    private static func rank(_ state: PINState) -> Int {
        switch state {
        case .unknown: 0
        case .ok: 1
        case .countLow: 2
        case .finalTry: 3
        case .locked: 4
        }
    }

    /// The state to believe where a card's flags say this, and the last PIN that was entered for it was wrong and left `seen`.
    ///
    /// Many cards report wrong tries only to the session in which they were made, so flags that look better do not win. A lock
    /// alone can be undone without our seeing it, by the PUK: a card that does not say that it is locked gets its last try, if
    /// a person agrees to that.
    public func believed(after seen: PINState?) -> PINState {
        guard let seen, Self.rank(seen) >= Self.rank(.countLow), self != .locked else { return self }
        return .worse(self, seen == .locked ? .finalTry : seen)
    }

    /// The guard of the last try: a wrong PIN now would lock the card, so a person must have agreed to it.
    func check(finalTry: Bool) throws(ApprovalFailure) {
        if self == .locked { throw ApprovalFailure(.pinLocked) }
        if self == .finalTry && !finalTry { throw ApprovalFailure(.pinFinalTry) }
    }
}
