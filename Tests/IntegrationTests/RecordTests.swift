// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// The record where it cannot be kept, is taken away, or belongs to another service.
@Suite(.timeLimit(.minutes(2))) struct RecordTests {
    private func recordState(_ bus: SessionBus) async throws -> String? {
        try await bus.properties("", of: SessionBus.root)["RecordState"]?.string
    }

    private func database(_ bench: ApprovalBench) throws -> Database {
        try Database(bench.desktop.folder.file("state/eonay/eonay.db"))
    }

    // MARK: - Files that are taken away

    @Test(arguments: ["folder", "database", "journal"])
    func nothingIsRecordedInAFileThatIsOnNoDisk(what: String) async throws {
        let bench = try await ApprovalBench()
        // Answered once it is on disk, and so is what was written before: else the certificate's own write finds out.
        _ = try await bench.bus.call("Snooze", .string(bench.certificate), .int64(0))
        let folder = bench.desktop.folder.file("state/eonay")
        switch what {
        case "folder": try FileManager.default.removeItem(atPath: folder)
        case "database": unlink(folder + "/eonay.db")
        default: unlink(folder + "/eonay.db-wal")
        }
        #expect(try await bench.end(of: bench.approve()) == End("failed", "StoreFailed"))
        #expect(try await bench.records() == 0)
        // Told once, and made anew with what was known.
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        let rows = try await database(bench).rows("SELECT result FROM approval ORDER BY number")
        #expect(rows == ["failed", "recorded"])
        #expect(try await database(bench).rows("SELECT id FROM certificate") == [bench.certificate])
        #expect(bench.service.lines.all.filter { $0.text.contains("made anew") }.count == 1)
        try await bench.restartService()
        #expect(try await bench.history() == ["recorded", "failed"])
        await bench.stop()
    }

    @Test func aFolderThatGoesWhileThePINIsAskedKeepsTheSignatureFromThePortal() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        try FileManager.default.moveItem(
            atPath: bench.desktop.folder.file("state/eonay"), toPath: bench.desktop.folder.file("state/moved"))
        bench.pinentry?.type(bench.card.pin)
        #expect(try await bench.end(of: approval) == End("failed", "StoreFailed"))
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    // MARK: - Two services

    @Test func aSecondServiceOnAnotherBusSaysWhoKeepsTheRecordAndEnds() async throws {
        let bench = try await ServiceBench()
        let other = try await PrivateBus.start()
        let second = try await bench.desktop.start("eonayd", environment: other.environment)
        #expect(await second.end() == .exited(4))
        #expect(second.lines.all.contains { $0.text.contains("process \(bench.service.pid)") })
        #expect(try await bench.bus.call("Status").count == 1)
    }

    @Test func aServiceThatAnotherBusHasActivatedOnlyReads() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "decision 1")
        let pending = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "decision 1")

        let other = try await PrivateBus.start()
        let variables = bench.desktop.environment.merging(other.environment) { $1 }
        let words = variables.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        try other.addService(SessionBus.name, command: "/usr/bin/env \(words) \(try Programs.built("eonayd"))")
        let bus = try await SessionBus(address: other.address)
        let daemon = "org.freedesktop.DBus"
        _ = try await bus.connection.call(daemon, "/org/freedesktop/DBus", daemon, "ReloadConfig")
        #expect(try await bus.call("Status").first?.elements?.first?.members?[2].string == "none")
        #expect(try await recordState(bus) == "read-only")
        #expect(
            await error { _ = try await bench.ask("Approve", "", "accept", [:], from: bus) }
                == "\(SessionBus.name).Error.StateInUse")
        // The other one's approval goes on, and its end is seen here.
        bench.gate?.release()
        #expect(try await bench.end(of: pending) == End("recorded"))
        #expect(try await bus.call("Status").first?.elements?.first?.members?[2].string == "accepted")
        let rows = try await bus.call("History", .uint32(0)).first?.elements ?? []
        #expect(rows.map { $0.members?[3].string } == ["recorded"])
        #expect(try await bench.history() == ["recorded"])
        // When the first one has ended, the second one takes over.
        bench.service.send(signal: SIGTERM)
        _ = await bench.service.end()
        _ = try await bus.call("Status")
        #expect(try await recordState(bus) == "kept")
        let process = try #require(try await bus.connection.credentials(of: SessionBus.name).process)
        kill(process, SIGTERM)
        await bench.stop()
    }

    // MARK: - A disk that takes nothing

    @Test(arguments: ["read-only", "full"])
    func aHomeThatTakesNothingKeepsNoServiceFromStarting(kind: String) async throws {
        let bench = try await ApprovalBench()
        bench.service.send(signal: SIGTERM)
        _ = await bench.service.end()
        let state = bench.desktop.folder.file("state")
        let service = try await startOnDisk(kind, bench.desktop)
        #expect(try await recordState(bench.bus) == "read-only")
        let ids = try await bench.bus.call("Expiry").first?.elements?.compactMap { $0.members?[0].string }
        #expect(ids == [bench.certificate])
        #expect(await bench.refusal("Approve", "", "accept") == "StoreFailed")
        let tomorrow = Value.int64(Desktop.now() + 86_400)
        #expect(
            await error { _ = try await bench.bus.call("Snooze", .string(""), tomorrow) }
                == "\(SessionBus.name).Error.StoreFailed")
        try await bench.bus.wait(for: "WatcherState", of: "", at: SessionBus.root) { $0.string == "watching" }
        #expect(FileManager.default.fileExists(atPath: state + "/eonay/eonay.db"))
        await service.kill()
        await bench.stop()
    }

    /// After a downgrade: what the newer version has written is shown, and stays as it is.
    @Test func aRecordOfANewerVersionIsReadAndLeftAsItIs() async throws {
        let bench = try await ApprovalBench()
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        bench.service.send(signal: SIGTERM)
        _ = await bench.service.end()
        let record = try database(bench)
        try await record.change("ALTER TABLE certificate ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'")
        try await record.change("PRAGMA user_version = 99")
        try await bench.restartService()
        #expect(try await recordState(bench.bus) == "read-only")
        #expect(try await bench.history() == ["recorded"])
        let refusal = await #expect(throws: BusError.self) { try await bench.ask("Approve", "", "accept", [:]) }
        #expect(refusal?.name == "\(SessionBus.name).Error.StoreFailed")
        #expect(refusal?.detail == "newer")
        #expect(try await record.rows("PRAGMA user_version") == ["99"])
        #expect(try await record.rows("SELECT colour FROM certificate") == ["green"])
        await bench.stop()
    }

    /// As an NFS server without locks answers; SQLite's own locks are of another kind.
    @Test func aFileSystemWithoutLocksIsOnlyReadAndNamed() async throws {
        let bench = try await ApprovalBench()
        bench.service.send(signal: SIGTERM)
        _ = await bench.service.end()
        let service = try await ChildProcess.start(
            Programs.find("strace", package: "strace"),
            [
                "-f", "-o", "/dev/null", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK",
                try Programs.built("eonayd"),
            ], environment: bench.desktop.environment)
        _ = try await service.lines.next { $0.text.hasSuffix("is ready") }
        #expect(try await recordState(bench.bus) == "read-only")
        let refusal = await #expect(throws: BusError.self) { try await bench.ask("Approve", "", "accept", [:]) }
        #expect(refusal?.detail == "no-locks")
        await service.kill()
        await bench.stop()
    }

    @Test func withoutAnyRecordCardsAreWatchedAllTheSame() async throws {
        let desktop = try await Desktop()
        try FileManager.default.removeItem(atPath: desktop.folder.file("state"))
        try Data().write(to: URL(fileURLWithPath: desktop.folder.file("state")))
        let bench = try await ServiceBench(on: desktop)
        #expect(try await recordState(bench.bus) == "unavailable")
        let card = try await bench.insert()
        try await bench.token()
        #expect(try await bench.bus.call("Expiry").first?.elements?.count == 1)
        // There is a place for it again.
        unlink(desktop.folder.file("state"))
        _ = try await bench.bus.call("Expiry")
        try await bench.bus.wait(for: "RecordState", of: "", at: SessionBus.root) { $0.string == "kept" }
        _ = try await bench.bus.call("Snooze", .string(""), .int64(Desktop.now() + 86_400))
        let database = try Database(desktop.folder.file("state/eonay/eonay.db"))
        #expect(try await database.rows("SELECT snoozed_until > 0 FROM certificate") == ["1"])
        try await card.remove()
    }

    @Test(arguments: ["relative/state", ""])
    func aPlaceThatIsNoPathIsIgnored(value: String) async throws {
        let desktop = try await Desktop()
        let service = try await desktop.startService(environment: ["XDG_STATE_HOME": value])
        #expect(FileManager.default.fileExists(atPath: desktop.folder.file(".local/state/eonay/eonay.db")))
        await service.kill()
    }

    /// The home that passwd(5) names, with a disk of its own laid over it.
    @Test(arguments: ["unset HOME", "HOME=relative", "HOME=/"])
    func withoutAHomeInTheEnvironmentThePasswordFileTellsIt(change: String) async throws {
        let desktop = try await Desktop()
        // In the namespace of its own, the service is root.
        let home = try #require(getpwuid(0)?.pointee.pw_dir.map { String(cString: $0) })
        let script = "mount -t tmpfs tmpfs \"$1\"; unset XDG_STATE_HOME XDG_CONFIG_HOME; \(change); exec \"$2\""
        let service = try await ChildProcess.start(
            Programs.find("unshare", package: "util-linux"),
            [
                "-rm", "--propagation", "private", "/bin/sh", "-c", script, "sh", home, try Programs.built("eonayd"),
            ], environment: desktop.environment)
        _ = try await service.lines.next { $0.text.hasSuffix("is ready") }
        let root = "/proc/\(service.pid)/root"
        #expect(FileManager.default.fileExists(atPath: "\(root)\(home)/.local/state/eonay/eonay.db"))
        #expect(!FileManager.default.fileExists(atPath: "\(root)/.local/state/eonay"))
        await service.kill()
    }

    @Test func aLockedDatabaseDoesNotHoldUpTheEnd() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        let lock = try await database(bench).lock()
        let start = ContinuousClock.now
        bench.service.send(signal: SIGTERM)
        #expect(await bench.service.end() == .exited(0))
        #expect(ContinuousClock.now - start < .seconds(5))
        await lock.kill()
        try await bench.restartService()
        #expect(try await bench.shownEnd(of: approval) == End("failed", "Internal"))
        await bench.stop()
    }

    // MARK: - The last try

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func theLastTryIsGuardedWhateverHappensMeanwhile(model: CardDescription.Model) async throws {
        let bench = try await ApprovalBench(model, [.of(model)], portal: .scripted([]), readers: 2)
        func wrong(_ options: [String: Value] = [:]) async throws -> End {
            for step in [PortalScript.statement, PortalScript.session(), PortalScript.ended] { bench.script?.say(step) }
            return try await bench.end(of: bench.approve(typing: ["000000", "000000"], options: options))
        }
        func state() async throws -> String? {
            try await bench.bus.until { try await $0.objects("Token").values.contains(where: \.isLookedAt) }
            return try await bench.bus.objects("Token").values.first?["PinState"]?.string
        }
        #expect(try await wrong() == End("failed", "PinIncorrect"))
        try await bench.card.remove()
        try await bench.bus.until { try await $0.objects("Token").isEmpty }
        try await bench.card.insert()
        #expect(try await state() == "count-low")
        #expect(try await wrong() == End("failed", "PinIncorrect"))
        try await bench.restartService()
        #expect(try await state() == "final-try")
        #expect(try await bench.end(of: bench.approve()) == End("failed", "PinFinalTry"))
        #expect(bench.verifications == 2)
        await bench.stop()
    }

    private func error(_ call: () async throws -> Void) async -> String? {
        do { try await call() } catch let error as BusError { return error.name } catch { return "\(error)" }
        return nil
    }

    /// Starts the service in a mount namespace of its own, where the state folder's disk is as wanted.
    private func startOnDisk(_ kind: String, _ desktop: Desktop) async throws -> ChildProcess {
        let script =
            kind == "full"
            ? """
            mount -t tmpfs -o size=256k tmpfs "$2" && cp -r "$1/." "$2/" && mount --move "$2" "$1"
            cat /dev/zero >"$1/ballast" 2>/dev/null; exec "$3"
            """
            : "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && exec \"$3\""
        let service = try await ChildProcess.start(
            Programs.find("unshare", package: "util-linux"),
            [
                "-rm", "--propagation", "private", "/bin/sh", "-c", script, "sh", desktop.folder.file("state"),
                try desktop.folder.makeFolder("disk"), try Programs.built("eonayd"),
            ], environment: desktop.environment)
        _ = try await service.lines.next { $0.text.hasSuffix("is ready") }
        return service
    }
}
