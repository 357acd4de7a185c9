// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing
import VirtualCard

/// `approve` and `sign` with a real card, service and portal.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ApproveTests {
    @Test func anAcceptanceIsRecordedAndShownByTheOtherCommands() async throws {
        let bench = try await ApproveBench()
        let end = try await bench.run("approve", "--accept")
        #expect(end.status == .exited(0), "\(end)")
        #expect(end.text.contains("Recorded: you have given E-Onay."))
        let status = try await bench.desktop.run("eonay", "status").check().text
        #expect(status.contains("given") && status.contains(bench.portal?.origin ?? "?"))
        let history = try await bench.desktop.run("eonay", "history", "--limit", "1").check().text
        #expect(history.contains("accept") && history.contains("recorded"))
        await bench.stop()
    }

    @Test func aDeclineHasItsJSONForm() async throws {
        let bench = try await ApproveBench()
        let child = try await bench.start(["approve", "--decline", "--json"])
        #expect(await child.end() == .exited(0))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(child.output)) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "approval", "certificate", "decision", "portal", "result", "reference", "confirmation_number", "error",
            ])
        #expect(object["decision"] as? String == "decline" && object["result"] as? String == "recorded")
        #expect(object["error"] is NSNull)
        #expect(child.lines.all.count == 1)
        await bench.stop()
    }

    @Test func aCodeOfThePageGivesTheNumberToTypeThere() async throws {
        let bench = try await ApproveBench()
        let origin = try #require(bench.portal?.origin)
        let answer = try await TestBench.run(
            Programs.find("curl", package: "curl"),
            [
                "--silent", "--header", "Content-Type: application/json", "--data-binary",
                #"{"identity": "10000000146"}"#, "\(origin)/api/v1/sessions",
            ]
        ).check()
        let session = try #require(try JSONSerialization.jsonObject(with: Data(answer.output)) as? [String: Any])
        let code = try #require((session["challenge"] as? [String: Any])?["code"] as? String)
        let end = try await bench.run(
            "sign", String(code.prefix(5)), "\(code.dropFirst(5).prefix(5))-\(code.suffix(5))")
        #expect(end.status == .exited(0), "\(end)")
        #expect(end.text.firstMatch(of: /│   \d{6}   │/) != nil)
        await bench.stop()
    }

    @Test func eachRefusalHasItsStatusAndSaysWhatToDo() async throws {
        let bench = try await ApproveBench()
        let wrong = try await bench.run("approve", "--accept", pin: "999999")
        #expect(wrong.status == .exited(35) && wrong.text.contains("The PIN was wrong."), "\(wrong)")
        let portal = try await bench.run("approve", "--accept", "--portal", "https://nobody.example")
        #expect(portal.status == .exited(41) && portal.text.contains("eonay.conf"), "\(portal)")
        let prompt = try await bench.desktop.run("eonay", "approve", "--accept", "--no-prompt")
        #expect(prompt.status == .exited(40), "\(prompt)")
        let unknown = try await bench.run("approve", "--accept", "-c", "00000000")
        #expect(unknown.status == .exited(11), "\(unknown) \(bench.service.lines.all)")
        let json = try await bench.run("approve", "--accept", "--json", pin: "999999")
        #expect(json.status == .exited(35))
        #expect(json.text.contains(#""error":{"name":"PinIncorrect","status":35,"#))
        await bench.stop()
    }

    @Test func theIdentityIsReadFromStandardInputAndChecked() async throws {
        let bench = try await ApproveBench()
        for (number, status) in [("10000000147", 27), ("19090909018", 28), ("10000000146", 0)] as [(String, Int32)] {
            let child = try await bench.start(["approve", "--accept", "--identity"])
            child.write(line: number)
            child.closeInput()
            #expect(await child.end() == .exited(status), "\(child.lines.all)")
        }
        await bench.stop()
    }

    @Test(
        arguments: [(IssuedKind.expired, 23), (.notYetValid, 22), (.noNonRepudiation, 21)]
            as [(IssuedKind, Int32)])
    func whoseOnlyCardCannotDoItHearsWhy(kind: IssuedKind, status: Int32) async throws {
        let bench = try await ApproveBench([CertificateRequest(kind, keyType: .p256)])
        let end = try await bench.run("approve", "--accept")
        #expect(end.status == .exited(status), "\(end)")
        await bench.stop()
    }

    @Test func twoThatCouldDoItAreListed() async throws {
        let bench = try await ApproveBench(
            [CertificateRequest(keyType: .p256), CertificateRequest(for: .isil, keyType: .p256)])
        let end = try await bench.run("approve", "--accept")
        #expect(end.status == .exited(12), "\(end)")
        // By their ids: an error's text ends up in logs, where names have no place.
        #expect(end.text.matches(of: /[0-9a-f]{8}/).count == 2 && !end.text.contains("Öztürk"), "\(end)")
        await bench.stop()
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalCancels(signal: Int32) async throws {
        let bench = try await ApproveBench(change: { _ in })
        try await bench.card.remove()
        let watch = try await bench.desktop.start("eonay", ["watch", "--json"])
        try await watch.lines.next { $0.text.contains(#""event":"service""#) }
        let child = try await bench.start(["approve", "--accept", "--wait", "600", "--json"])
        try await watch.lines.next { $0.text.contains(#""state":"waiting-for-token""#) }
        child.send(signal: signal)
        #expect(await child.end() == .exited(45))
        #expect(String(decoding: child.output, as: UTF8.self).contains(#""result":"cancelled""#))
        try await watch.lines.next { $0.text.contains(#""event":"approval-end""#) && $0.text.contains("cancelled") }
        await watch.kill()
        await bench.stop()
    }

    /// A service that interrupts its caller, and answers once that has taken the signal.
    @Test(arguments: [
        ["approve", "--accept", "-c", "00000000", "--json", "--no-prompt"], ["pin", "change", "--json"],
    ])
    func aSignalBeforeTheAnswerCancelsAsWell(command: [String]) async throws {
        let desktop = try await Desktop(locale: "C")
        let service = try await ChildProcess.start(
            Python.debian, ["-c", Self.interruptingService], environment: desktop.environment)
        try await service.lines.next { $0.text == "ready" }
        let child = try await desktop.start("eonay", command)
        #expect(await child.end() == .exited(45))
        #expect(String(decoding: child.output, as: UTF8.self).contains(#""result":"cancelled""#))
        await service.kill()
    }

    private static let interruptingService = """
        import dbus, dbus.service, os, re, signal
        from dbus.mainloop.glib import DBusGMainLoop
        from gi.repository import GLib

        ROOT, APPROVAL, PROPERTIES = "org.eonay.EOnay1", "org.eonay.EOnay1.Approval", "org.freedesktop.DBus.Properties"
        PIN = "org.eonay.EOnay1.PinOperation"

        class Approval(dbus.service.Object):
            @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
            def GetAll(self, interface):
                return {"State": "waiting-for-token", "Result": ""}

            @dbus.service.method(APPROVAL)
            def Cancel(self):
                self.Completed("cancelled", "org.eonay.EOnay1.Error.Cancelled", "")

            @dbus.service.signal(APPROVAL, signature="sss")
            def Completed(self, result, error, message): pass

        class PinOperation(dbus.service.Object):
            @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
            def GetAll(self, interface):
                return {"State": "waiting-for-pin", "Result": ""}

            @dbus.service.method(PIN)
            def Cancel(self):
                error = dbus.Struct(("org.eonay.EOnay1.Error.Cancelled", ""), signature="ss")
                self.PropertiesChanged(PIN, {"State": "cancelled", "Result": "cancelled", "Error": error}, [])
                self.Completed("cancelled", "org.eonay.EOnay1.Error.Cancelled", "")

            @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
            def PropertiesChanged(self, interface, changed, invalidated): pass

            @dbus.service.signal(PIN, signature="sss")
            def Completed(self, result, error, message): pass

        def interrupt(sender):
            caller = bus.get_object("org.freedesktop.DBus", "/").GetConnectionUnixProcessID(sender)
            os.kill(caller, signal.SIGINT)
            status = f"/proc/{caller}/status"
            while os.path.exists(status) and re.search("ShdPnd:.*[1-9a-f]", open(status).read()): pass

        class Root(dbus.service.Object):
            @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
            def GetAll(self, interface):
                return {"Ready": True}

            @dbus.service.method(ROOT, in_signature="ssa{sv}", out_signature="o", sender_keyword="sender")
            def Approve(self, certificate, decision, options, sender):
                path = "/org/eonay/EOnay1/approval/c_" + options["handle-token"]
                self.approval = Approval(bus, path)
                interrupt(sender)
                return dbus.ObjectPath(path)

            @dbus.service.method(ROOT, in_signature="sa{sv}", out_signature="o", sender_keyword="sender")
            def ChangePin(self, card, options, sender):
                self.operation = PinOperation(bus, "/org/eonay/EOnay1/pin/1")
                interrupt(sender)
                return dbus.ObjectPath("/org/eonay/EOnay1/pin/1")

        DBusGMainLoop(set_as_default=True)
        bus = dbus.SessionBus()
        root = Root(bus, "/org/eonay/EOnay1")
        name = dbus.service.BusName(ROOT, bus)
        print("ready", flush=True)
        GLib.MainLoop().run()
        """

    @Test func aServiceThatDiesIsTold() async throws {
        let bench = try await ApproveBench()
        try await bench.card.remove()
        let watch = try await bench.desktop.start("eonay", ["watch", "--json"])
        try await watch.lines.next { $0.text.contains(#""event":"service""#) }
        let child = try await bench.start(["approve", "--accept", "--wait", "600"])
        try await watch.lines.next { $0.text.contains(#""state":"waiting-for-token""#) }
        await bench.service.kill()
        #expect(await child.end() == .exited(3))
        #expect(child.lines.all.first?.text.contains("The service eonayd has ended.") == true)
        await watch.kill()
        await bench.stop()
    }
}
