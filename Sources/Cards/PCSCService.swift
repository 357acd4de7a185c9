// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// The socket of `pcscd`, and the processes that speak with it.
struct PCSCService: Sendable {
    let folder: String
    let socketName: String

    /// The service that pcsc-lite speaks with in this process.
    static var current: PCSCService {
        // pcsc-lite itself reads the variable once, at its first call.
        let path = getenv("PCSCLITE_CSOCK_NAME").map { String(cString: $0) } ?? "/run/pcscd/pcscd.comm"
        return PCSCService(path: path)
    }

    init(path: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        socketName = name
        folder = String(path.dropLast(name.count))
    }

    /// Whether a process listens there; nil where this process has no descriptor left to find out.
    func isListening() -> Bool? {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        do throws(SystemError) {
            try UnixSocket.connect(descriptor, to: folder + socketName)
            return true
        } catch {
            // A process has opened a queue of connections that is full, or that this user may not join.
            return error.code == EAGAIN || error.code == EACCES
        }
    }

    /// Whether there is a `pcscd` to be started: its socket stands, or a program is where systems put it or where its unit says.
    func isInstalled() -> Bool {
        if access(folder + socketName, F_OK) == 0 { return true }
        return Self.programs.contains { access($0, X_OK) == 0 }
            || Self.units.contains { Self.program(of: $0).map { access($0, X_OK) == 0 } == true }
    }

    private static let programs = [
        "/usr/sbin/pcscd", "/usr/bin/pcscd", "/usr/local/sbin/pcscd", "/usr/local/bin/pcscd", "/usr/libexec/pcscd",
        "/run/current-system/sw/bin/pcscd",
    ]

    private static let units = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map {
        $0 + "/systemd/system/pcscd.service"
    }

    /// The program that a unit starts (systemd.service(5), ExecStart=); nil where there is no such unit.
    static func program(of unit: String) -> String? {
        let contents = Files.beginning(of: unit, atMost: 1 << 14) ?? []
        for line in String(decoding: contents, as: UTF8.self).split(separator: "\n") {
            guard line.hasPrefix("ExecStart="),
                let path = line.dropFirst("ExecStart=".count).split(separator: " ").first
            else { continue }
            return String(path.drop { "-@:+!".contains($0) })
        }
        return nil
    }

    /// The other processes with a connection to the service, as far as /proc shows them; our own jobs are left out.
    func clients() -> [RunningProcess] {
        let sockets = Set(UnixSockets.peers(of: folder + socketName).map { "socket:[\($0)]" })
        guard !sockets.isEmpty else { return [] }
        let own = getpid()
        return RunningProcess.all().filter { process in
            process.id != own && process.holdsAny(of: sockets) && process.parent != own
        }
    }
}

/// Distinguishes a `pcscd` that refuses us from one that is not there, by its failures.
///
/// **The problem.** A `pcscd` whose polkit says no closes the connection without a word. The error that pcsc-lite makes of that depends on
/// which octets were on their way (winscard_msg.c): SCARD_W_SECURITY_VIOLATION for a reset, SCARD_F_COMM_ERROR for an end, and
/// SCARD_E_NO_SERVICE for a broken pipe, which is its word for "nobody listens" as well. A `pcscd` that ends at that moment
/// looks the same. **The rule.** A connection that was made and closed counts as a refusal, whatever the error's name; only a socket at
/// which no process listens proves an absence. A true refusal is repeated.
struct PCSCAbsence {
    enum Finding: Equatable {
        case absent
        case denied
        /// Something listens that has not answered yet: it may be about to end or to begin.
        case undecided
    }

    /// With the monitor's delays, this many take 0.2 s.
    private static let refusalsToBelieve = 6

    private var refusals = 0

    /// A wait has come back in good order.
    mutating func reset() { refusals = 0 }

    /// - Parameter isListening: whether a process listens at the socket, asked where the error does not say; nil where that
    ///   cannot be found out.
    mutating func failed(_ code: PCSCError.Code, isListening: () -> Bool?) -> Finding {
        let wasConnected = code == .securityViolation || code == .communicationFailed
        switch wasConnected ? true : isListening() {
        case true?: refusals += 1
        case false?: refusals = 0
        case nil: return .undecided
        }
        if refusals == 0 { return .absent }
        return refusals >= Self.refusalsToBelieve ? .denied : .undecided
    }
}
