// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Where `pcscd` listens, and who speaks with it.
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

    /// The other processes with a connection to the service, as far as /proc shows them to us; our own jobs are left out.
    func clients() -> [RunningProcess] {
        let sockets = Set(UnixSockets.peers(of: folder + socketName).map { "socket:[\($0)]" })
        guard !sockets.isEmpty else { return [] }
        let own = getpid()
        return RunningProcess.all().filter { process in
            process.id != own && process.holdsAny(of: sockets) && process.parent != own
        }
    }
}
