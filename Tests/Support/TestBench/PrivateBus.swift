// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A real session bus of a test's own.
public final class PrivateBus: Sendable {
    /// The value for DBUS_SESSION_BUS_ADDRESS.
    public let address: String
    /// Activation files are read from here; `addService` writes them.
    public let serviceFolder: String
    private let folder: TemporaryFolder
    private let daemon: ChildProcess
    private let place: Turnstile.Place

    /// Variables for programs that shall use it.
    public var environment: [String: String] { ["DBUS_SESSION_BUS_ADDRESS": address] }

    public var pid: Int32 { daemon.pid }

    /// The output of the daemon, for messages.
    public var log: [String] { daemon.lines.all.map(\.text) }

    private init(
        folder: TemporaryFolder, serviceFolder: String, address: String, daemon: ChildProcess, place: Turnstile.Place
    ) {
        self.place = place
        self.folder = folder
        self.serviceFolder = serviceFolder
        self.address = address
        self.daemon = daemon
    }

    /// Starts a dbus-daemon and returns when it can be connected to.
    ///
    /// - Parameter services: activation files by name (`org.example.Name.service`) with their text.
    /// - Parameter environment: variables that activated services shall see.
    public static func start(
        services: [String: String] = [:], environment: [String: String] = [:]
    ) async throws -> PrivateBus {
        let place = await Turnstile.buses.enter()
        let program = try Programs.find("dbus-daemon", package: "dbus-daemon")
        let folder = try TemporaryFolder()
        let serviceFolder = try folder.makeFolder("services")
        for (name, text) in services { try folder.write("services/\(name)", text) }
        let configuration = try folder.write(
            "bus.conf",
            """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>session</type>
              <listen>unix:path=\(folder.file("bus"))</listen>
              <auth>EXTERNAL</auth>
              <!-- As a desktop's session bus has them (session.conf). -->
              <limit name="max_incoming_bytes">1000000000</limit>
              <limit name="max_outgoing_bytes">1000000000</limit>
              <limit name="max_replies_per_connection">50000</limit>
              <servicedir>\(serviceFolder)</servicedir>
              <policy context="default">
                <allow send_destination="*" eavesdrop="true"/>
                <allow eavesdrop="true"/>
                <allow own="*"/>
              </policy>
            </busconfig>

            """)
        let daemon = try await ChildProcess.start(
            program, ["--config-file=\(configuration)", "--nofork", "--nopidfile", "--print-address=1"],
            environment: environment)
        let line = try await daemon.lines.next { $0.stream == .output && $0.text.hasPrefix("unix:") }
        return PrivateBus(
            folder: folder, serviceFolder: serviceFolder, address: line.text, daemon: daemon, place: place)
    }

    /// Adds an activation file to the running bus; the daemon notices by itself, or by ReloadConfig at once.
    public func addService(_ name: String, command: String) throws {
        try folder.write("services/\(name).service", "[D-BUS Service]\nName=\(name)\nExec=\(command)\n")
    }

    /// Ends the bus, as the end of a session does, and returns when it is gone.
    public func stop() async { await daemon.kill() }
}
