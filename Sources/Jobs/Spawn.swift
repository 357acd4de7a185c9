// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import EventLoops
internal import Glibc
internal import JobFrames

/// A process just started, and our end of the conversation with it.
struct Spawned {
    let pid: pid_t
    /// Readable once the process has ended.
    let pidfd: Int32
    /// Our end of the socket pair; non-blocking.
    let socket: Int32
}

/// Starts programs: descriptor 0 is /dev/null, 1 and 2 our standard error, 3 the conversation, others only as given.
enum Spawn {
    /// The highest descriptor a job may be given.
    static let highestDescriptor: Int32 = 9

    /// Starts a program. Throws `SystemError` of the call that failed; nothing is left open or running then.
    static func start(
        _ path: String, arguments: [String], environment: [String: String], descriptors: [Int32: Int32]
    ) throws(SystemError) -> Spawned {
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
        let null = try keep(Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC), "open /dev/null")
        guard fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0 else { throw SystemError(code: errno, call: "fcntl") }

        let highest = max(Frame.descriptor, descriptors.keys.max() ?? 0)
        var targets = [Int32](repeating: -1, count: Int(highest) + 1)
        for (target, source) in descriptors { targets[Int(target)] = try lifted(source) }
        targets[0] = try lifted(null)
        // What a vendor's module prints must not get into the output of `eonay inspect --json`.
        let diagnostics = fcntl(2, F_GETFD) >= 0 ? 2 : null
        targets[1] = try lifted(diagnostics)
        targets[2] = try lifted(diagnostics)
        targets[Int(Frame.descriptor)] = try lifted(pair[1])

        var pidfd: Int32 = -1
        let result = withCStrings([path] + arguments) { arguments in
            withCStrings(merged(environment)) { environment in
                targets.withUnsafeBufferPointer { targets in
                    var order = cspawn_order()
                    order.path = UnsafePointer(arguments[0])
                    order.arguments = UnsafePointer(arguments)
                    order.environment = UnsafePointer(environment)
                    order.descriptors = targets.baseAddress
                    order.count = Int32(targets.count)
                    return cspawn_start(&order, &pidfd)
                }
            }
        }
        guard result > 0 else { throw SystemError(code: -result, call: "execve") }
        open.removeAll { $0 == pair[0] }
        return Spawned(pid: result, pidfd: pidfd, socket: pair[0])
    }

    /// Our own environment with these values added or put in place of the old.
    private static func merged(_ additions: [String: String]) -> [String] {
        var merged = additions.map { "\($0.key)=\($0.value)" }
        guard var entry = cspawn_environment() else { return merged }
        while let text = entry.pointee {
            let line = String(cString: text)
            let name = line.prefix { $0 != "=" }
            if additions[String(name)] == nil { merged.append(line) }
            entry += 1
        }
        return merged
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
