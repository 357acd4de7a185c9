// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// Point 7: the running service as any program on the bus meets it.
@Suite(.timeLimit(.minutes(1)))
struct ServiceOnTheBusTests {
    private func error(_ call: () async throws -> Void) async -> String? {
        do { try await call() } catch let error as BusError { return error.name } catch { return "\(error)" }
        return nil
    }

    @Test func whatIsNotThereIsAStandardError() async throws {
        let bench = try await ServiceBench()
        let bus = bench.bus.connection
        let (name, root) = (SessionBus.name, SessionBus.root)
        let prefix = "org.freedesktop.DBus.Error."
        #expect(await error { _ = try await bus.call(name, root, name, "Nothing") } == prefix + "UnknownMethod")
        #expect(
            await error { _ = try await bus.call(name, root, "org.example.Other", "Status") } == prefix
                + "UnknownInterface")
        #expect(
            await error { _ = try await bus.call(name, "/org/eonay/EOnay1/token/99", "\(name).Token", "Nothing") }
                == prefix + "UnknownObject")
        #expect(await error { _ = try await bench.bus.call("Expiry", .string("x")) } == prefix + "InvalidArgs")
        #expect(await error { _ = try await bench.bus.call("History", .string("x")) } == prefix + "InvalidArgs")
        let properties = "org.freedesktop.DBus.Properties"
        #expect(
            await error { _ = try await bus.call(name, root, properties, "Get", [.string(name), .string("Nothing")]) }
                == prefix + "UnknownProperty")
        #expect(
            await error {
                _ = try await bus.call(
                    name, root, properties, "Set", [.string(name), .string("Version"), .variant(.string("2"))])
            } == prefix + "PropertyReadOnly")
        // The contract's own errors, as busctl shows them.
        let answer = try await bench.desktop.busctl("Snooze", "sx", "", "0")
        #expect(answer.status == .exited(1))
        #expect(answer.description.contains("sertifika"))
        #expect(
            await error { _ = try await bench.bus.call("Snooze", .string("xyz"), .int64(0)) }
                == "\(name).Error.InvalidArgument")
        #expect(
            await error { _ = try await bench.bus.call("Snooze", .string("0123456789"), .int64(0)) }
                == "\(name).Error.NoCertificate")
    }

    @Test func everyObjectIntrospectsToTheContract() async throws {
        let bench = try await ServiceBench(configuration: "[Portal \"deneme\"]\nOrigin=http://127.0.0.1:9\n")
        let card = try await bench.insert()
        let token = try await bench.token().path
        let certificate = try #require(try await bench.bus.objects("Certificate").first?.key)
        let pin = try await bench.bus.call("ChangePin", .string(""), .options([:]))
        let operation = try #require(pin.first?.objectPath)
        // One at a time has the card.
        try await bench.bus.wait(for: "Result", of: "PinOperation", at: operation) { $0.string != "" }
        let answer = try await bench.bus.call("Approve", .string(""), .string("accept"), .options([:]))
        let approval = try #require(answer.first?.objectPath)
        let contract = try await InterfaceText.of(String(contentsOf: InterfaceText.contract, encoding: .utf8))
        #expect(contract.count == 6)
        for (kind, path) in [
            ("", SessionBus.root), (".Token", token), (".Certificate", certificate), (".Approval", approval),
            (".PinOperation", operation),
        ] {
            let name = SessionBus.name + kind
            let text = try await bench.bus.connection.call(
                SessionBus.name, path, "org.freedesktop.DBus.Introspectable", "Introspect")
            let shown = try await InterfaceText.of(try #require(text.first?.string))
            #expect(shown[name] == contract[name])
            #expect(shown[name]?.isEmpty == false)
            // The root is what desktops call, too.
            let menu = "org.freedesktop.Application"
            #expect(shown[menu] == (kind.isEmpty ? contract[menu] : nil))
            #expect(
                Set(shown.keys).subtracting([name, menu, "org.freedesktop.DBus.ObjectManager"]) == [
                    "org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable",
                    "org.freedesktop.DBus.Properties",
                ])
        }
        try await card.remove()
    }

    @Test func signalsComeInTheOrderInWhichTheyMakeSense() async throws {
        let bench = try await ServiceBench()
        let card = try await bench.insert()
        let (path, facts) = try await bench.token()
        let certificate = try #require(facts["Certificates"]?.elements?.first?.objectPath)
        try await card.remove()
        try await bench.tokens(0)
        func tellsRemoval(_ signal: Signal) -> Bool {
            signal.member == "InterfacesRemoved" && signal.arguments[0].objectPath == path
        }
        func tellsAbsence(_ signal: Signal) -> Bool {
            signal.member == "PropertiesChanged" && signal.path == certificate
                && signal.arguments[1]["Present"]?.bool == false
        }
        // An answer may be here before the log has the signals that came before it.
        try await bench.bus.until {
            $0.signals.all.contains(where: tellsRemoval) && $0.signals.all.contains(where: tellsAbsence)
        }
        // A client that follows the signals can resolve every path at the moment it is named.
        let told = bench.bus.signals.all
        func place(_ member: String, _ matches: (Signal) -> Bool) throws -> Int {
            try #require(told.firstIndex { $0.member == member && matches($0) }, "no \(member)")
        }
        let tokenIn = try place("InterfacesAdded") { $0.arguments[0].objectPath == path }
        let certificateIn = try place("InterfacesAdded") { $0.arguments[0].objectPath == certificate }
        let tokenRead = try place("PropertiesChanged") {
            $0.path == path && $0.arguments[1]["Certificates"]?.elements?.isEmpty == false
        }
        let tokenOut = try place("InterfacesRemoved", tellsRemoval)
        let absent = try place("PropertiesChanged", tellsAbsence)
        #expect(tokenIn < certificateIn)
        #expect(certificateIn < tokenRead)
        #expect(tokenRead < tokenOut)
        #expect(tokenRead < absent)
        #expect(!told.contains { $0.member == "InterfacesRemoved" && $0.arguments[0].objectPath == certificate })
    }

    @Test func aCallStartsTheService() async throws {
        let desktop = try await Desktop()
        let variables = desktop.environment.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        try desktop.bus.addService(
            SessionBus.name, command: "/usr/bin/env \(variables) \(try Programs.built("eonayd"))")
        let bus = try await SessionBus(desktop)
        let daemon = "org.freedesktop.DBus"
        _ = try await bus.connection.call(daemon, "/org/freedesktop/DBus", daemon, "ReloadConfig")
        let version = try await desktop.run(
            "busctl", "--user", "get-property", SessionBus.name, SessionBus.root.text, SessionBus.name, "Version",
            package: "systemd")
        #expect(version.text.hasPrefix("s \"1."))
        let process = try #require(try await bus.connection.credentials(of: SessionBus.name).process)
        kill(process, SIGTERM)
        _ = try await bus.gone()
    }

    @Test func aSecondInstanceSaysWhoHoldsTheNameAndEnds() async throws {
        let bench = try await ServiceBench()
        let second = try await bench.desktop.start("eonayd")
        #expect(await second.end() == .exited(3))
        #expect(second.lines.all.contains { $0.text.contains("process \(bench.service.pid)") })
        #expect(try await bench.bus.call("Status").count == 1)
    }

    @Test func theReadmesLinesWorkAsTyped() async throws {
        let bench = try await ServiceBench()
        let monitor = try await bench.desktop.start(
            "busctl", ["--user", "monitor", SessionBus.name], package: "systemd")
        _ = try await monitor.lines.next { $0.text.hasPrefix("Monitoring") }
        let card = try await bench.insert()
        let token = try await bench.token().path
        let name = SessionBus.name
        let expiry = try await bench.desktop.busctl("Expiry").check().text
        #expect(expiry.hasPrefix("a(ssxis) 1 \""))
        // 1094 days minus what has passed since it was issued: within the first second, nothing has.
        #expect(try expiry.contains(Regex(#" 109[34] "valid""#)))
        let status = try await bench.desktop.busctl("Status").check().text
        #expect(status.hasPrefix("a(sssxs) 1 \""))
        #expect(status.contains("\"none\" 0 \"\""))
        let members = try await bench.desktop.run(
            "busctl", "--user", "introspect", name, SessionBus.root.text, package: "systemd"
        ).check().text
        for line in [#"\.Approve +method +ssa\{sv\} +o"#, #"\.WatcherState +property +s +"watching""#] {
            #expect(try members.contains(Regex(line)))
        }
        let tree = try await bench.desktop.run("busctl", "--user", "tree", name, package: "systemd").check().text
        #expect(tree.contains(token.text))
        #expect(tree.contains("/org/eonay/EOnay1/certificate/"))
        _ = try await monitor.lines.next { $0.text.contains("Member=InterfacesAdded") }
        try await card.remove()
        _ = try await monitor.lines.next { $0.text.contains("Member=InterfacesRemoved") }
        await monitor.kill()
    }
}

extension SessionBus {
    /// Waits until nobody owns the service's name.
    fileprivate func gone() async throws {
        let owners = EventLog<String>("owners of the name")
        await connection.perform { bus in
            _ = bus.watchName(Self.name) { owners.append($0 ?? "") }
        }
        try await owners.next("")
    }
}
