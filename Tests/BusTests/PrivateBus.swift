// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Foundation
import Glibc
import TestBench

/// A dbus-daemon of our own on a socket in a fresh folder, ended with its last reference.
final class PrivateBus: Sendable {
    let address: String
    private let folder: URL
    private let process: Process

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "eonay-bus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = folder.appending(path: "bus.conf")
        try """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>session</type>
          <limit name="max_replies_per_connection">50000</limit>
          <limit name="max_message_unix_fds">4096</limit>
          <listen>unix:path=\(folder.path)/bus</listen>
          <policy context="default">
            <allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/>
            <allow own="*"/>
          </policy>
        </busconfig>
        """.write(to: configuration, atomically: true, encoding: .utf8)
        process = try Process.beginning(
            "/usr/bin/dbus-daemon",
            ["--config-file=\(configuration.path)", "--nofork", "--nosyslog", "--print-address=1"], package: "dbus")
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // The address is printed once the socket listens.
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let part = output.fileHandleForReading.availableData
            guard !part.isEmpty else { throw MissingProgram("dbus-daemon", package: "dbus") }
            line += part
        }
        address = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends the daemon, as when the session ends.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit {
        if process.isRunning { kill() }
        try? FileManager.default.removeItem(at: folder)  // a folder left in /tmp is no reason to fail
    }
}

/// Connections to one private bus, each with a loop of its own, closed at the end.
struct Bench: Sendable {
    let bus: PrivateBus
    let connections: [Connection]

    var service: Connection { connections[0] }
    var client: Connection { connections[1] }
    /// The address at which the client finds the service.
    let serviceName: String
}

func withBus(connections count: Int = 2, _ body: (Bench) async throws -> Void) async throws {
    let bus = try PrivateBus()
    var loops: [EventLoop] = []
    var connections: [Connection] = []
    for index in 0..<count {
        let loop = try EventLoop(name: "bus \(index)")
        try loop.start()
        loops.append(loop)
        let connection = Connection(on: loop)
        try await connection.open(.address(bus.address))
        connections.append(connection)
    }
    let name = await connections[0].perform { $0.uniqueName }
    let outcome: Result<Void, any Error>
    do {
        outcome = .success(try await body(Bench(bus: bus, connections: connections, serviceName: name)))
    } catch {
        outcome = .failure(error)
    }
    for connection in connections { await connection.close() }
    for loop in loops { loop.stop() }
    try outcome.get()
}

extension BusError {
    /// For comparing by name.
    static func named(_ name: String) -> BusError { BusError(name: name, message: "") }
}
