// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc

/// The precautions of a process before it hears a PIN.
public enum ProcessHardening {
    /// No core file, no debugger of the same user, no stop by job control when a terminal that we were handed is ours, too.
    ///
    /// Programs of one user are no security boundary; this keeps secrets out of crash reports, and accidents small.
    public static func apply() {
        // Refused is not worth an answer: each is a precaution, and the PIN's page is kept out of core files by itself.
        _ = cprocess_forbid_dumps()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = cprocess_leave_terminal()
        // A crash is told by its signal alone: the report that Swift's runtime can print holds what was in memory.
        for crash in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS] { _ = signal(crash, SIG_DFL) }
        // Our parent may have had them blocked, and a prompt must be endable.
        var ends = sigset_t()
        sigemptyset(&ends)
        for end in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&ends, end) }
        pthread_sigmask(SIG_UNBLOCK, &ends, nil)
        // A pinentry that ended must be an error of the write, not our end.
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
