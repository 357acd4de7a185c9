// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import Glibc
internal import Synchronization

/// An order to start a program: the one way in which ours start others.
///
/// The child's signals are as the system gives them, whatever this process ignores or blocks. It inherits no descriptor but those that
/// are named.
public struct ProcessStart: Sendable {
    /// The process group of the child.
    public enum Group: Sendable {
        /// This process's.
        case shared
        /// One of its own, by which all that it starts is signaled.
        case own
        /// One of its own, which no process that comes of it can leave.
        case locked
        /// In a session of its own, without a terminal.
        case session

        fileprivate var number: cspawn_group {
            switch self {
            case .shared: CSPAWN_SHARED
            case .own: CSPAWN_OWN
            case .locked: CSPAWN_LOCKED
            case .session: CSPAWN_SESSION
            }
        }
    }

    /// The path of the program, and its arguments after that.
    public var words: [String]
    /// Its variables as "NAME=value": all of them.
    public var environment: [String]
    /// Descriptors of this process by the number that they get in the child; copied, so the caller keeps its own.
    public var descriptors: [Int32: Int32]
    public var group: Group
    /// The signal that the child is sent when the thread that starts it ends; 0: none.
    public var deathSignal: Int32

    public init(
        _ path: String, _ arguments: [String] = [], environment: [String] = ownEnvironment,
        descriptors: [Int32: Int32], group: Group, deathSignal: Int32 = 0
    ) {
        words = [path] + arguments
        self.environment = environment
        self.descriptors = descriptors
        self.group = group
        self.deathSignal = deathSignal
    }

    /// This process's variables as "NAME=value".
    public static var ownEnvironment: [String] {
        var (entry, variables) = (environ, [String]())
        while let text = entry.pointee {
            variables.append(String(cString: text))
            entry += 1
        }
        return variables
    }

    /// Starts it. Throws `SystemError` of the call that failed; nothing is left open or running then.
    public func callAsFunction() throws(SystemError) -> StartedProcess {
        var targets = [Int32](repeating: -1, count: Int(descriptors.keys.max() ?? -1) + 1)
        defer { for copy in targets where copy >= 0 { close(copy) } }
        for (target, source) in descriptors {
            // A copy below this number could be hit by the dup2 of another one in the child.
            targets[Int(target)] = try SystemError.check(
                fcntl(source, F_DUPFD_CLOEXEC, Int32(targets.count)), "fcntl")
        }
        var pidfd: Int32 = -1
        let result = Self.withCStrings(words) { arguments in
            Self.withCStrings(environment) { environment in
                targets.withUnsafeBufferPointer { targets in
                    var order = cspawn_order()
                    order.path = UnsafePointer(arguments[0])
                    order.arguments = UnsafePointer(arguments)
                    order.environment = UnsafePointer(environment)
                    order.descriptors = targets.baseAddress
                    order.count = Int32(targets.count)
                    order.group = group.number
                    order.death_signal = deathSignal
                    order.open_files = OpenFileLimit.former
                    return cspawn_start(&order, &pidfd)
                }
            }
        }
        guard result > 0 else { throw SystemError(code: -result, call: "execve") }
        return StartedProcess(id: result, descriptor: pidfd)
    }

    /// Calls `body` with the strings as C wants them: pointers, and NULL at the end.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}

/// A child of this process.
public struct StartedProcess: Sendable {
    public let id: Int32
    /// Its pidfd, which becomes readable when it has ended; the caller closes it.
    public let descriptor: Int32

    /// Signals the child and all that is in its group, where it has one of its own. Not to be called once it is reaped.
    public func signalGroup(_ number: Int32) { kill(-id, number) }

    /// Waits for the end and takes it over, so that no zombie is left. Gives the wait status; nil where somebody else has it.
    public func reap() -> Int32? {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 { guard errno == EINTR else { return nil } }
        return status
    }

    /// A signal's name, such as "SIGSEGV".
    public static func signalName(_ number: Int32) -> String? {
        cspawn_signal_name(number).map { "SIG" + String(cString: $0) }
    }
}

/// How many descriptors this process may have open (the soft RLIMIT_NOFILE), and how many it still can open.
public enum OpenFileLimit {
    private static let kept = Atomic<UInt>(0)

    /// The limit of children, where ours was raised; 0: as ours. A library may use select(2), which ends at 1,024.
    static var former: UInt { kept.load(ordering: .relaxed) }

    /// Raises the limit to this number, or as far as the system lets it, and gives what it is then; nil where it cannot be read.
    /// Children keep the limit that there was. Once, before anything is started.
    @discardableResult
    public static func raise(to wanted: UInt) -> UInt? {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return nil }
        kept.store(limit.rlim_cur, ordering: .relaxed)
        let former = limit.rlim_cur
        guard former < wanted else { return former }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        return setrlimit(resource, &limit) == 0 ? limit.rlim_cur : former
    }

    /// Makes room for 256 descriptors in the kernel's table of them, which begins with 64.
    ///
    /// Before the first thread: a process with threads waits for a turn of all processors (RCU) when its table grows, 5 to 15 ms.
    public static func makeRoom() {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        close(fcntl(descriptor, F_DUPFD_CLOEXEC, 255))
        close(descriptor)
    }

    /// Whether so many more can be opened at this moment. A caller looks before it begins what cannot be left half done. Another
    /// thread may take what was there a moment ago: ask for more than is needed.
    public static func hasRoom(for count: Int) -> Bool {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        while taken.count < count {
            let descriptor =
                taken.first.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            taken.append(descriptor)
        }
        return true
    }
}
