// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import NIOCore
import Synchronization

/// Remembers whether the database takes what is written to it. Safe to use from any thread.
final class WriteHealth: Sendable {
    private struct Failure {
        let error: DatabaseError
        let at: NIODeadline
    }

    private let last = Mutex<Failure?>(nil)

    /// So long a failed write is bad news, even if a smaller one comes through after it.
    static let memory = TimeAmount.seconds(10)

    /// Notes a write that failed, unless it failed by what it wanted to write.
    func note(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_ABORT, .SQLITE_INTERRUPT, .SQLITE_MISUSE: return
        default: last.withLock { $0 = Failure(error: error, at: .now()) }
        }
    }

    /// The failure of moments ago; nil where there was none.
    var recent: DatabaseError? {
        last.withLock { failure in failure.flatMap { $0.at + Self.memory > .now() ? $0.error : nil } }
    }
}
