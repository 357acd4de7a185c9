// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging

/// How many files this process may have open: each connection is one.
enum OpenFiles {
    /// What the database, the log, questions to responders and the like need.
    private static let others = 128

    /// Asks for as many as so many connections need, and tells how many connections there is room for.
    static func connections(atMost wanted: Int, _ logger: Logger) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + others)
        if limit.rlim_cur < needed {
            // What a shell gives is often 1,024, with leave to take more.
            var raised = limit
            raised.rlim_cur = min(needed, limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        guard limit.rlim_cur < needed else { return wanted }
        let room = max(16, Int(limit.rlim_cur) - others)
        logger.warning(
            "the limit of open files leaves fewer connections than configured, continuing",
            metadata: ["configured": "\(wanted)", "connections": "\(room)"])
        return min(wanted, room)
    }
}
