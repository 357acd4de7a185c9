// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many connections each address has open. Safe to use from any thread.
final class AddressCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// One more; false, and not counted, where the address has as many as it can have.
    func enter(_ address: String, atMost limit: Int) -> Bool {
        counts.withLock { counts in
            let count = counts[address, default: 0]
            guard count < limit else { return false }
            counts[address] = count + 1
            return true
        }
    }

    /// One less. An address that has none is forgotten.
    func leave(_ address: String) {
        counts.withLock { counts in
            let count = counts[address, default: 0] - 1
            counts[address] = count > 0 ? count : nil
        }
    }
}
