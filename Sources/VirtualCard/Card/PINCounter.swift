// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The card's PIN: its tries and whether it stands verified. The count survives loss of power, the verification does not.
struct PINCounter: Sendable {
    private(set) var value: [UInt8]
    let tries: Int
    private(set) var triesLeft: Int
    private(set) var isVerified = false

    init(_ value: [UInt8], tries: Int = 3) {
        self.value = value
        self.tries = tries
        triesLeft = tries
    }

    var isLocked: Bool { triesLeft == 0 }

    mutating func verify(_ candidate: [UInt8]) -> Response {
        isVerified = false
        if isLocked { return .failed(.pinLocked) }
        guard candidate == value else {
            triesLeft -= 1
            return .failed(isLocked ? .pinLocked : .wrongPIN(triesLeft: triesLeft))
        }
        triesLeft = tries
        isVerified = true
        return .ok()
    }

    /// Changes the PIN if the old one is right; a wrong one costs a try.
    mutating func change(from old: [UInt8], to new: [UInt8]) -> Response {
        let answer = verify(old)
        if answer.status == .ok { value = new }
        return answer
    }

    /// The answer to a query without a PIN.
    var status: StatusWord {
        if isLocked { return .pinLocked }
        return isVerified ? .ok : .wrongPIN(triesLeft: triesLeft)
    }

    mutating func forget() { isVerified = false }

    mutating func setTriesLeft(_ count: Int) {
        triesLeft = min(max(count, 0), tries)
        isVerified = false
    }
}
