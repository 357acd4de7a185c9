// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How many `eonay:` addresses are being opened.
final class OpenAddresses {
    /// The most at a time: one card signs one of them, and the others wait for nothing.
    static let most = 4

    private var count = 0

    /// False where there is room for none; each true wants an `end`.
    func begin() -> Bool {
        guard count < Self.most else { return false }
        count += 1
        return true
    }

    func end() { count -= 1 }
}
