// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// The lists whose rows are named values: what a client sees of certificates and decisions in one call.
@Suite(.timeLimit(.minutes(1)))
struct ListTests {
    private func rows(_ answer: [Value]) -> [[String: Value]] {
        (answer.first?.elements ?? []).map { row in
            Dictionary(
                uniqueKeysWithValues: (row.entries ?? []).compactMap { entry in
                    entry.key.string.map { ($0, entry.value.unwrapped) }
                })
        }
    }

    @Test func aCertificatesRowIsItsObjectAndWhatStatusAndExpirySayOfIt() async throws {
        let bench = try await ApprovalBench()
        let path = try ObjectPath("/org/eonay/EOnay1/certificate/\(bench.certificate)")
        for isDecided in [false, true] {
            if isDecided {
                #expect(try await bench.end(of: bench.approve()) == End("recorded"))
            }
            var row = try #require(rows(try await bench.bus.call("ListCertificates")).first)
            let status = try #require(try await bench.bus.call("Status").first?.elements?.first?.members)
            let expiry = try #require(try await bench.bus.call("Expiry").first?.elements?.first?.members)
            #expect(row.removeValue(forKey: "Path") == .objectPath(path))
            #expect(row.removeValue(forKey: "DaysLeft") == expiry[3])
            #expect(row.removeValue(forKey: "DecidedAt") == status[3])
            #expect(row.removeValue(forKey: "Portal") == status[4])
            #expect((status[3].int64 == 0) == !isDecided)
            let (first, last) = (row.removeValue(forKey: "FirstSeen"), row.removeValue(forKey: "LastSeen"))
            #expect(first?.int64 ?? 0 > 0 && first == last)
            #expect(row.removeValue(forKey: "RemindersShown") == .array(of: "i", []))
            // What is left is the object, property by property.
            #expect(row == (try await bench.bus.properties("Certificate", of: path)))
            #expect(row["Approval"]?.string == (isDecided ? "accepted" : "none"))
            #expect(row["Present"]?.bool == true)
        }
        await bench.stop()
    }

    @Test func theRowsHaveTheOrderOfExpiry() async throws {
        let bench = try await ServiceBench()
        let ends = [90, 9].map { CertificateRequest(notAfter: Desktop.now() + $0 * 86_400) }
        let card = try await bench.insert(bench.desktop.card(.akis, ends))
        #expect(try await bench.token().facts["Certificates"]?.elements?.count == 2)
        let expiry = try await bench.bus.call("Expiry").first?.elements?.map { $0.members?.first?.string }
        #expect(rows(try await bench.bus.call("ListCertificates")).map { $0["Id"]?.string } == expiry)
        #expect(expiry?.count == 2)
        try await card.remove()
        try await bench.tokens(0)
        #expect(rows(try await bench.bus.call("ListCertificates")).allSatisfy { $0["Token"]?.objectPath == "/" })
    }

    @Test func aDecisionsRowSaysWhatHistorySaysAndWho() async throws {
        let bench = try await ApprovalBench()
        #expect(try await bench.end(of: bench.approve("decline")) == End("recorded"))
        let members = try #require(try await bench.bus.call("History", .uint32(0)).first?.elements?.first?.members)
        let row = try #require(rows(try await bench.bus.call("ListHistory", .options([:]))).first)
        let expected = ["DecidedAt", "Certificate", "Decision", "Result", "Portal", "Reference"]
        #expect(expected.map { row[$0] } == members)
        #expect(row["Holder"]?.string == Holder.sukru.name)
        #expect(row.count == expected.count + 1)
        await bench.stop()
    }

    @Test func aThousandDecisionsAreTheMostAndOptionsNarrowThemDown() async throws {
        let desktop = try await UnreadClientTests.desktop()
        let bench = try await ServiceBench(on: desktop)
        func list(_ options: [String: Value]) async throws -> [[String: Value]] {
            rows(try await bench.bus.call("ListHistory", .options(options)))
        }
        for limit: UInt32 in [0, 1000, .max] { #expect(try await list(["limit": .uint32(limit)]).count == 1000) }
        let newest = try await list(["limit": .uint32(2)])
        #expect(newest.map { $0["DecidedAt"]?.int64 } == [1_700_001_000, 1_700_000_999])
        // Its certificate is not known here.
        #expect(newest.first?["Holder"]?.string == "")
        #expect(try await list(["since": .int64(1_700_000_991)]).count == 10)
        #expect(try await list(["since": .int64(1_700_000_991), "limit": .uint32(3)]).count == 3)
        #expect(try await list(["since": .int64(.max)]).isEmpty)
    }

    @Test(arguments: [
        (["Limit": Value.uint32(1)], "option \"Limit\""), (["limit": .int64(1)], "type of option limit"),
        (["since": .string("")], "type of option since"),
    ])
    func anOptionThatIsNoneIsRefusedByName(options: [String: Value], detail: String) async throws {
        let bench = try await ServiceBench(.own(0))
        let error = await #expect(throws: BusError.self) { try await bench.bus.call("ListHistory", .options(options)) }
        #expect(error?.name == "org.eonay.EOnay1.Error.InvalidArgument")
        #expect(error?.detail == detail)
    }

    /// What introspection calls constant is so, whatever happens to the object.
    @Test func whatIsConstantStaysAsItWas() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        let approval = try await bench.ask("Approve", "", "accept", ["wait": .uint32(60)])
        func constants() async throws -> [ObjectPath: [String: Value]] {
            var all: [ObjectPath: [String: Value]] = [:]
            for kind in ["Token", "Certificate", "Approval"] {
                for (path, facts) in try await bench.bus.objects(kind) {
                    let shown = try await bench.bus.connection.call(
                        SessionBus.name, path, "org.freedesktop.DBus.Introspectable", "Introspect")
                    let names = try #require(shown.first?.string).matches(
                        of: /<property name="(\w+)"[^>]*>\s*<annotation name="[^"]*EmitsChangedSignal" value="const"/
                    ).map { String($0.output.1) }
                    all[path] = facts.filter { names.contains($0.key) }
                }
            }
            return all
        }
        let before = try await constants()
        #expect(before.count == 3)
        #expect(before[approval]?.keys.sorted() == ["Certificate", "Portal", "StartedAt"])
        #expect(try await bench.outcome(of: approval).result == "failed")
        try await bench.card.remove()
        try await bench.card.insert()
        try await bench.bus.until { try await $0.objects("Token").values.contains(where: \.isLookedAt) }
        let after = try await constants()
        // The card is another object now.
        #expect(after.filter { before[$0.key] != nil } == before.filter { !$0.key.text.contains("/token/") })
        await bench.stop()
    }
}
