// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CConfinement
internal import Glibc
public import SystemBasics

/// The limits of a job, from before it runs code or reads data from outside: files by Landlock, system calls by seccomp.
///
/// Each is applied where the kernel has it; `ConfinementSupport` says what it lacks. What was opened before stays open, and what was
/// started before is not bound.
public struct Confinement: Sendable {
    /// The internet.
    public enum Network: Sendable {
        case none
        /// Connections to others, and none from them.
        case client
    }

    /// A permission for a file, or for all that lies in a folder.
    public enum Access: Sendable {
        /// To be read and listed.
        case read
        /// Devices, to be used.
        case device
        /// To be read and written; files can be made and removed.
        case change

        fileprivate var number: cconfinement_access {
            switch self {
            case .read: CCONFINEMENT_READ
            case .device: CCONFINEMENT_DEVICE
            case .change: CCONFINEMENT_CHANGE
            }
        }
    }

    private let network: Network
    private var allowed: [(path: String, access: Access)] = []

    /// Nothing but what every program reads: its libraries, and the system's settings.
    public init(network: Network) {
        self.network = network
        for folder in ["/usr", "/lib", "/lib32", "/lib64", "/etc"] { allow(folder) }
    }

    /// Allows what lies at a path now, or below it; one at which nothing lies stays forbidden.
    public mutating func allow(_ path: String, _ access: Access = .read) {
        allowed.append((path, access))
    }

    /// Allows what lies where a variable of this process says, if it is set.
    public mutating func allow(variable name: String, _ access: Access = .read) {
        if let value = getenv(name), value[0] != 0 { allow(String(cString: value), access) }
    }

    /// Binds this process, which must have no second thread, and all that it starts, for ever.
    ///
    /// Throws `SystemError` where the kernel has what is needed and refuses it: the job must not go on then.
    public func apply() throws(SystemError) {
        try check(cconfinement_hide(), "prctl")
        try applyToFiles()
        guard ConfinementSupport.hasFilter else { return }
        try check(cconfinement_filter(network == .client), "seccomp")
    }

    private func applyToFiles() throws(SystemError) {
        let version = ConfinementSupport.landlock
        guard version > 0 else { return }
        let rules = Descriptor(
            owning: try check(cconfinement_begin(version, network == .client), "landlock_create_ruleset"))
        for (path, access) in allowed {
            let answer = cconfinement_allow(rules.number, version, path, access.number)
            // A path that cannot be opened now has nothing to allow.
            if answer < 0, ![ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG].contains(-answer) {
                throw SystemError(code: -answer, call: "landlock_add_rule")
            }
        }
        try check(cconfinement_enforce(rules.number), "landlock_restrict_self")
    }

    @discardableResult
    private func check(_ answer: Int32, _ call: String) throws(SystemError) -> Int32 {
        guard answer >= 0 else { throw SystemError(code: -answer, call: call) }
        return answer
    }
}

/// The means of the running kernel for the confinement of jobs.
public enum ConfinementSupport {
    /// The version of Landlock's interface; 0 where there is none, or where a container hides it.
    public static var landlock: Int32 { max(0, cconfinement_landlock_version()) }

    /// Whether system calls can be filtered.
    public static var hasFilter: Bool { cconfinement_filter_support() == 0 }

    /// Whether a page of memory for a PIN can be kept out of the swap.
    public static var canLockMemory: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit) == 0 && limit.rlim_max >= 1 << 16
    }

    /// The missing means, in words for a log; empty where all are there.
    public static var gaps: [String] {
        var gaps: [String] = []
        if landlock == 0 { gaps.append("no Landlock: jobs may open the files that the person may open") }
        if !hasFilter { gaps.append("no seccomp filters: jobs may make every system call") }
        if !canLockMemory { gaps.append("RLIMIT_MEMLOCK is too small: memory with a PIN may be swapped out") }
        return gaps
    }
}
