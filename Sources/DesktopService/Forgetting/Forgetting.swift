// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Keeps track of forgetting: one order at a time, and certificates that leave with their card.
final class Forgetting {
    private var isUnderWay = false
    /// Certificates that were forgotten while their card is in.
    private var leaving: Set<String> = []

    /// False where another order is under way; each true wants an `end`.
    func begin() -> Bool {
        guard !isUnderWay else { return false }
        isUnderWay = true
        return true
    }

    func end() { isUnderWay = false }

    func leaveWithCard(_ certificates: [String]) { leaving.formUnion(certificates) }

    /// Their card was read anew: they are known again.
    func wereRead(_ certificates: [String]) { leaving.subtract(certificates) }

    /// Their card is out; returns those that go with it.
    func areOut(_ certificates: [String]) -> [String] {
        let gone = leaving.intersection(certificates)
        leaving.subtract(gone)
        return Array(gone)
    }
}
