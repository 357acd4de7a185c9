// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import TokenBench
import VirtualCard

/// A session with service, portal and a card that has been read, in which `eonay` runs.
final class ApproveBench: Sendable {
    let desktop: Desktop
    let service: ChildProcess
    let portal: TestPortal?
    let card: TestCard

    init(
        _ requests: [CertificateRequest] = [CertificateRequest(keyType: .p256)], hasPortal: Bool = true,
        change: (inout CardDescription) -> Void = { _ in }
    ) async throws {
        desktop = try await Desktop(locale: "C")
        portal = hasPortal ? try await desktop.startConfiguredPortal() : nil
        service = try await desktop.startService()
        let watch = try await desktop.start("eonay", ["watch", "--json"])
        try await watch.lines.next { $0.text.contains(#""event":"service""#) }
        var description = try desktop.card(.piv, requests)
        change(&description)
        card = try TestCard(description, in: desktop.pcscd.readers[0])
        try await card.insert()
        try await watch.lines.next { $0.text.contains(#""event":"card-read""#) }
        await watch.kill()
    }

    /// Starts `eonay` with the card's PIN, or another, at descriptor 9.
    func start(_ arguments: [String], pin: String? = nil) async throws -> ChildProcess {
        let pipe = try Self.pipe(holding: (pin ?? card.pin) + "\n")
        return try await desktop.start(
            "eonay", arguments + ["--pin-fd", "9"], descriptors: [9: pipe.rawValue])
    }

    func run(_ arguments: String..., pin: String? = nil) async throws -> (status: ChildProcess.Status, text: String) {
        let child = try await start(arguments, pin: pin)
        let status = await child.end()
        return (status, child.lines.all.map(\.text).joined(separator: "\n"))
    }

    /// Starts `eonay` as a shell on this terminal would: it is its controlling terminal, and eonay is in its foreground.
    func start(_ arguments: [String], on terminal: PseudoTerminal) async throws -> ChildProcess {
        try await desktop.start(
            "sh",
            [
                "-c", #"exec setsid --ctty --wait "$0" "$@" <&9 >&9 2>&9 9<&-"#, Programs.built("eonay"),
            ] + arguments, package: "dash", descriptors: [9: terminal.slave])
    }

    func stop() async {
        await service.kill()
        await portal?.process.kill()
    }

    private static func pipe(holding text: String) throws -> FileDescriptorHandle {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw BusError(name: BusError.failed, message: "pipe") }
        let bytes = Array(text.utf8)
        _ = Glibc.write(ends[1], bytes, bytes.count)
        close(ends[1])
        return FileDescriptorHandle(owning: ends[0])
    }
}
