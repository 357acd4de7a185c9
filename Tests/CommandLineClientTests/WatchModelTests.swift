// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import PortalContract
import Testing
import Texts

@testable import Bus
@testable import CommandLineClient

@Suite(.timeLimit(.minutes(1)))
struct WatchModelTests {
    private let id = String(repeating: "a", count: 64)

    private func signal(
        _ path: ObjectPath, _ interface: String, _ member: String, _ arguments: [Value]
    ) -> Signal {
        Signal(sender: ":1.1", path: path, interface: interface, member: member, arguments: arguments)
    }

    private func added(_ path: ObjectPath, _ interface: String, _ properties: [String: Value]) -> Signal {
        signal(
            Contract.root, "org.freedesktop.DBus.ObjectManager", "InterfacesAdded",
            [
                .objectPath(path),
                .dictionary(key: "s", value: "a{sv}", [.init(.string(interface), .options(properties))]),
            ])
    }

    private func changed(_ path: ObjectPath, _ interface: String, _ properties: [String: Value]) -> Signal {
        signal(
            path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            [.string(interface), .options(properties), .strings([])])
    }

    @Test func aCardComesIsReadAndGoes() throws {
        let (model, token, path) = (WatchModel(), Contract.tokenPath(1), try Contract.certificatePath(id))
        let isIn = added(token, TokenInterface.name, ["Reader": .string("R")])
        #expect(model.events(of: isIn) == [.cardIn(reader: "R")])
        // The same once more, which was on its way while everything was asked for.
        #expect(model.events(of: isIn) == [])
        let certificate: [String: Value] = ["Id": .string(id), "Holder": .string("Şükrü")]
        #expect(model.events(of: added(path, CertificateInterface.name, certificate)) == [])
        let isRead = changed(
            token, TokenInterface.name,
            ["Certificates": .array(of: "o", [.objectPath(path)]), "PinState": .string("final-try")])
        #expect(
            model.events(of: isRead) == [
                .cardRead(reader: "R", ids: [id], holders: ["Şükrü"]), .pinState(reader: "R", state: "final-try"),
            ])
        #expect(model.events(of: isRead) == [])
        let isGone = signal(
            Contract.root, "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved",
            [.objectPath(token), .strings([TokenInterface.name])])
        #expect(model.events(of: isGone) == [.cardOut(reader: "R")])
    }

    @Test func anApprovalIsToldToItsEndAndNoFurther() throws {
        let (model, path) = (WatchModel(), Contract.approvalPath(number: 1))
        let begun = added(path, ApprovalInterface.name, ["State": .string("checking"), "Certificate": .string(id)])
        #expect(model.events(of: begun) == [.approval(path: path.text, certificate: id, state: "checking")])
        let signing = changed(path, ApprovalInterface.name, ["State": .string("signing")])
        #expect(model.events(of: signing) == [.approval(path: path.text, certificate: id, state: "signing")])
        let end = signal(
            path, ApprovalInterface.name, "Completed",
            [.string("failed"), .string(ErrorName.pinIncorrect.busName), .string("…")])
        let error = ServiceFault(.known(.pinIncorrect), sentence: "…")
        #expect(model.events(of: end) == [.approvalEnd(path: path.text, result: "failed", error: error)])
        #expect(model.events(of: changed(path, ApprovalInterface.name, ["State": .string("failed")])) == [])
    }

    @Test func aNewPINIsTold() {
        let (model, path) = (WatchModel(), Contract.pinPath(number: 1))
        let end = signal(
            path, PINOperationInterface.name, "Completed", [.string("changed"), .string(""), .string("")])
        let events = model.events(of: end)
        #expect(events.map { $0.cell(Texts(.turkish)).text } == ["kartın yeni PIN’i: belirlendi"])
        let json: JSON = [
            "event": "pin-end", "operation": .string(path.text), "result": "changed", "error": .null, "at": .integer(5),
        ]
        #expect(events.map { $0.json(at: 5) } == [json])
        let wrong = [Value.string("failed"), .string(ErrorName.pinIncorrect.busName), .string("…")]
        let failed = model.events(of: signal(path, PINOperationInterface.name, "Completed", wrong))
        #expect(failed.map { $0.cell(Texts(.english)).text } == ["new PIN of a card: failed (The PIN was wrong.)"])
    }

    @Test func whatAResponderSaysIsTold() throws {
        let (model, path) = (WatchModel(), try Contract.certificatePath(id))
        let certificate: [String: Value] = ["Id": .string(id), "Holder": .string("Şükrü")]
        _ = model.events(of: added(path, CertificateInterface.name, certificate))
        let word: [String: Value] = [
            "Revocation": .string("revoked"), "RevocationSince": .int64(1_735_787_045),
            "RevocationReason": .string("keyCompromise"), "RevocationAsked": .int64(1_800_000_000),
        ]
        let events = model.events(of: changed(path, CertificateInterface.name, word))
        #expect(events.map { $0.cell(Texts(.english)).text } == ["certificate of Şükrü: revoked on 2 January 2025"])
        let json: JSON = [
            "event": "revocation", "id": .string(id), "revocation": "revoked", "since": .time(1_735_787_045),
            "reason": "keyCompromise", "at": .integer(5),
        ]
        #expect(events.map { $0.json(at: 5) } == [json])
        // It was asked again, and says the same.
        let asked = changed(path, CertificateInterface.name, ["RevocationAsked": .int64(1_800_086_400)])
        #expect(model.events(of: asked) == [])
    }

    @Test func garbageIsPassedOver() {
        let model = WatchModel()
        for member in ["InterfacesAdded", "InterfacesRemoved", "PropertiesChanged", "ExpiryReminder", "Completed"] {
            for interface in [
                "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Properties",
                ServiceInterface.name, ApprovalInterface.name,
            ] {
                for arguments in [[], [Value.string("x")], [.string("x"), .int32(1), .bool(true)]] {
                    #expect(model.events(of: signal(Contract.root, interface, member, arguments)) == [])
                }
            }
        }
    }
}
