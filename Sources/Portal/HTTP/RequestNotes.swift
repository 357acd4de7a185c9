// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What came up while a request was answered, for its one line in the log.
final class RequestNotes: Sendable {
    private let kept = Mutex<String?>(nil)

    /// The name of the problem that it was answered with.
    var problem: String? { kept.withLock { $0 } }

    func note(_ problem: PortalProblem) { note(problem.name) }

    func note(_ name: String) { kept.withLock { $0 = name } }
}
