// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import EventLoops
internal import Glibc
internal import JobFrames
internal import SystemBasics

/// A process just started, and our end of the conversation with it.
struct Spawned {
    let pid: pid_t
    /// Readable once the process has ended.
    let pidfd: Int32
    /// Our end of the socket pair; non-blocking.
    let socket: Int32
    /// The job's output, where it is read; non-blocking.
    let output: Int32?
}

/// The order to start a program.
struct SpawnOrder {
    let program: JobProgram
    var arguments: [String] = []
    /// Variables on top of what the program is given anyway.
    var environment: [String: String] = [:]
    /// Further descriptors by the number they get in the job.
    var descriptors: [Int32: Int32] = [:]
    /// Whether what it prints is to be read.
    var isDiagnosed = false
}

/// Starts programs: descriptors 0, 1 and 2 are /dev/null, 3 is the conversation, others only as given.
///
/// A vendor's module may print the PIN (OpenSC's log shows the card's commands), so the output goes nowhere, unless it is read for a
/// diagnosis.
enum Spawn {
    /// The highest descriptor a job may be given.
    static let highestDescriptor: Int32 = 9

    /// Starts a program. Throws `SystemError` of the call that failed; nothing is left open or running then.
    static func start(_ order: SpawnOrder) throws(SystemError) -> Spawned {
        // Copies below this number could be hit by the dup2 of another one in the child.
        let floor = highestDescriptor + 1
        var open: [Int32] = []
        defer { for descriptor in open { close(descriptor) } }
        func keep(_ descriptor: Int32, _ call: String) throws(SystemError) -> Int32 {
            guard descriptor >= 0 else { throw SystemError(code: errno, call: call) }
            open.append(descriptor)
            return descriptor
        }
        func lifted(_ descriptor: Int32) throws(SystemError) -> Int32 {
            try keep(fcntl(descriptor, F_DUPFD_CLOEXEC, floor), "fcntl")
        }

        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw SystemError(code: errno, call: "socketpair") }
        open += pair
        let null = try keep(Glibc.open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null")
        guard fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0 else { throw SystemError(code: errno, call: "fcntl") }

        var output: [Int32] = [-1, -1]
        if order.isDiagnosed {
            guard cspawn_pipe(&output) == 0 else { throw SystemError(code: errno, call: "pipe2") }
            open += output
        }

        let highest = max(Frame.descriptor, order.descriptors.keys.max() ?? 0)
        var targets = [Int32](repeating: -1, count: Int(highest) + 1)
        for (target, source) in order.descriptors { targets[Int(target)] = try lifted(source) }
        targets[0] = try lifted(null)
        targets[1] = try lifted(order.isDiagnosed ? output[1] : null)
        targets[2] = try lifted(order.isDiagnosed ? output[1] : null)
        targets[Int(Frame.descriptor)] = try lifted(pair[1])

        var pidfd: Int32 = -1
        let path = order.program.path
        let variables = order.program.environment.variables(adding: order.environment)
        let result = withCStrings([path] + order.arguments) { arguments in
            withCStrings(variables) { environment in
                targets.withUnsafeBufferPointer { targets in
                    var start = cspawn_order()
                    start.path = UnsafePointer(arguments[0])
                    start.arguments = UnsafePointer(arguments)
                    start.environment = UnsafePointer(environment)
                    start.descriptors = targets.baseAddress
                    start.count = Int32(targets.count)
                    start.keeps_group = order.program.mayLeaveProcesses ? 0 : 1
                    start.open_files = OpenFiles.former
                    return cspawn_start(&start, &pidfd)
                }
            }
        }
        guard result > 0 else { throw SystemError(code: -result, call: "execve") }
        open.removeAll { $0 == pair[0] || $0 == output[0] }
        return Spawned(pid: result, pidfd: pidfd, socket: pair[0], output: order.isDiagnosed ? output[0] : nil)
    }

    /// Calls `body` with the strings as C wants them: pointers, and NULL at the end.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}
