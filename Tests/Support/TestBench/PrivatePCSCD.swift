// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
public import Glibc
internal import Synchronization
public import VirtualCard

/// A real pcscd of a test's own, with virtual readers, that can be killed and started again.
///
/// It listens where `environment` says, which every program with libpcsclite obeys, and runs as root or as a user. Of the
/// computer's own readers it sees none, except with vsmartcard's.
public final class PrivatePCSCD: Sendable {
    /// The kind of its readers.
    public enum Readers: Sendable {
        /// Our own virtual readers; none is possible.
        case own(Int)
        /// As many of our own, with these names, of any octets and any length; pcscd cuts what is longer than its own limit.
        case named([[UInt8]])
        /// vsmartcard's reader, which also opens the port after this one; the package vsmartcard-vpcd.
        case vpcd(port: UInt16)
    }

    /// Where it listens.
    public enum Place: Sendable {
        /// At a path of its own, for programs that are started with `environment`. Many of these live side by side.
        case ownPath
        /// At the path that libpcsclite in this very process uses: it reads the environment once. Tests take turns:
        /// `start` waits until the one before is gone, with its last reference.
        case thisProcess
    }

    /// pcscd did not start.
    public struct StartFailure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    /// In the order of the configuration.
    public let readers: [TestReader]
    public let socketPath: String
    private let folder: TemporaryFolder
    private let place: Place
    private let daemon = Mutex<ChildProcess?>(nil)
    private let places = Mutex<[Turnstile.Place]>([])
    private let usb: VirtualUSBPorts?

    /// Prepares it; `start` starts it.
    public init(_ readers: Readers = .own(1), at place: Place = .ownPath) throws {
        folder = try TemporaryFolder()
        self.place = place
        switch place {
        case .ownPath: socketPath = folder.file("pcscd.comm")
        case .thisProcess: socketPath = try ProcessPCSCD.shared.get().socketPath
        }
        let driver: String
        let names: [[UInt8]] =
            switch readers {
            case .own(let count): (0..<count).map { Array("E-Onay Reader \($0 + 1)".utf8) }
            case .named(let names): names
            case .vpcd: [Array("E-Onay Reader 1".utf8)]
            }
        switch readers {
        case .own, .named:
            driver = try Programs.built("libVirtualReader.so")
            usb = try VirtualUSBPorts(in: folder, driver: driver)
            self.readers = names.enumerated().map { [folder] index, name in
                // pcscd appends the reader's and the slot's number.
                TestReader(
                    octets: name + Array(" 0\(index) 00".utf8),
                    address: .virtualReader(path: folder.file("reader-\(index + 1)")))
            }
        case .vpcd(let port):
            driver = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
            guard access(driver, R_OK) == 0 else { throw MissingProgram(driver, package: "vsmartcard-vpcd") }
            usb = nil
            self.readers = [TestReader(name: "E-Onay Reader 1 00 00", address: .vpcd(port: port))]
        }
        try folder.makeFolder("conf")
        // One file: pcscd reads several in the order in which the file system has them, and numbers the readers by that.
        var text: [UInt8] = []
        for (index, reader) in self.readers.enumerated() {
            let place = """
                DEVICENAME \(reader.device)
                LIBPATH \(driver)
                CHANNELID \(index + 1)

                """
            text += Array("FRIENDLYNAME \"".utf8) + names[index] + Array("\"\n\(place)".utf8)
        }
        try folder.write("conf/readers", text)
    }

    deinit {
        // The process is killed with its last reference, which this was.
        unlink(socketPath)
    }

    /// Variables for programs that shall use it.
    public var environment: [String: String] { ["PCSCLITE_CSOCK_NAME": socketPath] }

    /// The output of the running daemon, for messages.
    public var log: [String] { daemon.withLock { $0 }?.lines.all.map(\.text) ?? [] }

    /// The running daemon's process identifier.
    public var pid: Int32? { daemon.withLock { $0?.pid } }

    /// Starts it and returns when it answers and its readers are there.
    @discardableResult
    public func start() async throws -> PrivatePCSCD {
        await waitForTurn()
        let program = try Programs.find("pcscd", package: "pcscd")
        let listener = try UnixListener.open(at: socketPath)
        let process: ChildProcess
        do {
            // sd_listen_fds(3) wants the process identifier of the one who is given the socket, hence the shell.
            process = try await ChildProcess.start(
                "/bin/sh",
                [
                    "-c", "export LISTEN_FDS=1 LISTEN_PID=$$\n" + PCSCDaemon.shellCommand, program, folder.file("conf"),
                ], environment: usb?.environment ?? [:], descriptors: [3: listener])
        } catch {
            close(listener)
            throw error
        }
        close(listener)
        daemon.withLock { $0 = process }
        guard try await PCSCHandshake.isAnswered(at: socketPath) else {
            await process.kill()
            throw StartFailure(description: "pcscd does not answer: \(log.joined(separator: "\n"))")
        }
        for case .vpcd(let port) in readers.map(\.address) where !(try await TCPListener.isListening(at: port)) {
            await process.kill()
            throw StartFailure(description: "vpcd does not listen at port \(port): \(log.joined(separator: "\n"))")
        }
        return self
    }

    /// Ends it with a signal, as a crash (SIGKILL) or a service manager (SIGTERM) would, and returns when it is gone. Its
    /// socket is gone as well.
    public func stop(signal: Int32 = SIGKILL) async {
        let process = daemon.withLock { daemon in
            defer { daemon = nil }
            return daemon
        }
        if let process { await Self.end(process, signal: signal) }
        unlink(socketPath)
    }

    /// pcscd's main thread can miss the flag that its signal thread sets, and wait for the next client for ever (1.9.9); so
    /// the signal is repeated.
    private static func end(_ process: ChildProcess, signal: Int32) async {
        let repeater = DispatchSource.makeTimerSource()
        repeater.setEventHandler { @Sendable in process.send(signal: signal) }
        repeater.schedule(deadline: .now(), repeating: .milliseconds(100))
        repeater.resume()
        _ = await process.end()
        repeater.cancel()
    }

    /// Kills it and starts it again. Cards stay in their readers.
    public func restart(signal: Int32 = SIGKILL) async throws {
        await stop(signal: signal)
        try await start()
    }

    private func waitForTurn() async {
        guard places.withLock({ $0.isEmpty }) else { return }
        var taken = [await Turnstile.daemons.enter()]
        if case .thisProcess = place { taken.append(await Turnstile.process.enter()) }
        places.withLock { $0 = taken }
    }

    /// Plugs a reader in, as into a USB port; pcscd notices by itself, also at its next start. Needs readers of our own.
    public func plugIn() throws -> TestReader {
        guard let usb else { throw StartFailure(description: "vsmartcard's readers cannot be plugged") }
        return try usb.plugIn()
    }

    /// Pulls the reader out. A card in it stays in it, and is in a reader again when the next one is plugged into this port.
    public func unplug(_ reader: TestReader) throws { try usb?.unplug(reader) }

    /// Makes a card and puts it into a configured reader. Returns when pcscd has powered it up.
    public func insert(_ description: CardDescription, reader: Int = 0) async throws -> TestCard {
        try await insert(description, into: readers[reader])
    }

    /// Makes a card and puts it into a reader. Returns when pcscd has powered it up.
    public func insert(_ description: CardDescription, into reader: TestReader) async throws -> TestCard {
        let card = try TestCard(description, in: reader)
        try await card.insert()
        return card
    }
}
