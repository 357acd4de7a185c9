// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Testing

@testable import CommandLineClient

/// A person who names no certificate reads why none can do it.
@Suite(.timeLimit(.minutes(1)))
struct CertificateChoiceTests {
    private func certificate(
        _ digit: String, present: Bool = true, qualified: Bool = true, hindrances: [String] = [], successor: String = ""
    ) throws -> Value.Entry {
        let id = String(repeating: digit, count: 64)
        return object(
            try Contract.certificatePath(id), CertificateInterface.name,
            [
                "Id": .string(id), "Holder": .string("Şükrü"), "Present": .bool(present),
                "Qualified": .bool(qualified), "Hindrances": .strings(hindrances), "Successor": .string(successor),
            ])
    }

    private func object(_ path: ObjectPath, _ interface: String, _ properties: [String: Value]) -> Value.Entry {
        .init(
            .objectPath(path),
            .dictionary(key: "s", value: "a{sv}", [.init(.string(interface), .options(properties))]))
    }

    private func busyCard() -> Value.Entry {
        object(
            Contract.tokenPath(1), TokenInterface.name,
            [
                "Reader": .string("R"), "HeldBy": .string("dys (4711)"),
                "Error": .structure([.string("TokenBusy"), .string("…")]),
            ])
    }

    private func id(
        _ objects: [Value.Entry], watcher: String = "watching", waits: Bool = false
    ) throws -> String {
        let value = Value.dictionary(key: "o", value: "a{sa{sv}}", objects)
        return try CertificateChoice(
            objects: #require(ServiceSnapshot(value)),
            watcher: WatcherStatus(PropertyValues(.options(["WatcherState": .string(watcher)]))),
            waits: waits
        ).id()
    }

    @Test func theOneThatCanDoItIsTaken() throws {
        let objects = [try certificate("a"), try certificate("b", hindrances: ["NotQualified"])]
        #expect(try id(objects).first == "a")
    }

    @Test func oneInAReaderIsTakenBeforeOneThatIsOut() throws {
        #expect(try id([try certificate("a", present: false), try certificate("b")]).first == "b")
    }

    @Test func severalAreAmbiguousAndListed() throws {
        do {
            _ = try id([try certificate("a"), try certificate("b")])
            Issue.record("one was chosen")
        } catch let failure as Failure {
            #expect(failure.code == .contract(.ambiguousCertificate))
            // No names: an error's text ends up in logs.
            #expect(failure.detail == "aaaaaaaa, bbbbbbbb")
        }
    }

    @Test func ofAnOldCardAndItsSuccessorTheNewOneIsMeant() throws {
        let old = try certificate("a", successor: String(repeating: "b", count: 64))
        #expect(try id([old, try certificate("b")]).first == "b")
        // The new one is at home.
        #expect(try id([old, try certificate("b", present: false)]).first == "a")
    }

    @Test func theOnlyCardsExpiredCertificateIsNamedSoThatItIsHeard() throws {
        let expired = try certificate("a", hindrances: ["CertificateExpired"])
        #expect(try id([expired]).first == "a")
        // Beside one for encryption, which nobody means.
        let other = try certificate("b", qualified: false, hindrances: ["NotQualified"])
        #expect(try id([expired, other]).first == "a")
    }

    @Test func anExpiredOneThatIsOutNeedNotBePutIn() throws {
        #expect(throws: Failure(.certificateExpired)) {
            try id([try certificate("a", present: false, hindrances: ["CertificateExpired"])])
        }
    }

    @Test(arguments: [
        ("no-service", ErrorName.noCardService), ("no-reader", .noReader), ("denied", .accessDenied),
        ("watching", .noCertificate),
    ])
    func withoutAnyCertificateTheReasonIsTold(watcher: String, error: ErrorName) {
        #expect(throws: Failure(error)) { try id([], watcher: watcher) }
    }

    @Test func aCardThatIsHeldElsewhereIsTheReason() throws {
        let out = try certificate("a", present: false)
        #expect(throws: Failure(.tokenBusy)) { try id([busyCard()]) }
        #expect(throws: Failure(.tokenBusy)) { try id([busyCard(), out]) }
        #expect(try id([busyCard(), out], waits: true).first == "a")
    }
}
