// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The receiver of signals: set once the service stands, since the signals must be blocked long before.
final class SignalHandler: Sendable {
    private let handler = Mutex<(@Sendable (Int32) -> Void)?>(nil)

    func set(_ handler: @escaping @Sendable (Int32) -> Void) {
        self.handler.withLock { $0 = handler }
    }

    func call(_ signal: Int32) {
        handler.withLock { $0 }?(signal)
    }
}
