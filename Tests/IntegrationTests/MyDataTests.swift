// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing

/// What is stored about a person: handed over, and forgotten.
@Suite(.timeLimit(.minutes(2)))
struct MyDataTests {
    private let holder = "Şükrü İğdırlı"

    private func forget(
        _ bench: ApprovalBench, _ certificate: String = "", _ options: [String: Bool] = [:]
    ) async throws -> [String: Value] {
        let answer = try await bench.bus.call(
            "Forget", .string(certificate), .options(options.mapValues { .bool($0) }))
        return Dictionary(
            uniqueKeysWithValues: (answer.first?.entries ?? []).compactMap { entry in
                entry.key.string.map { ($0, entry.value.unwrapped) }
            })
    }

    private func refusal(
        _ bench: ApprovalBench, _ certificate: String = "", _ options: [String: Bool] = [:]
    ) async -> String {
        do { return "\(try await forget(bench, certificate, options))" } catch let error as BusError {
            return error.name.split(separator: ".").last.map(String.init) ?? ""
        } catch { return "\(error)" }
    }

    /// Which files below a folder hold these octets.
    private func files(in folder: String, holding text: String) throws -> [String] {
        let needle = Array(text.utf8)
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return false }
            return data.range(of: Data(needle)) != nil
        }
    }

    private func state(_ bench: ApprovalBench) -> String { bench.desktop.folder.file("state/eonay") }

    @Test func whatIsForgottenLeavesBusMemoryAndDiskAndEvidenceStaysUntilItIsNamed() async throws {
        let bench = try await ApprovalBench()
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(try await bench.end(of: bench.approve(typing: ["000000"])).result == "failed")
        try await bench.card.remove()
        try await bench.bus.until { try await $0.objects("Token").isEmpty }

        let first = try await forget(bench, String(bench.certificate.prefix(8)))
        #expect(first["Certificates"]?.elements?.map(\.string) == [bench.certificate])
        #expect(first["Present"]?.elements == [] && first["Erased"]?.bool == true)
        #expect(first["Approvals"]?.uint32 == 1 && first["Kept"]?.uint32 == 1)
        #expect(try await bench.bus.objects("Certificate").isEmpty)
        #expect(try await bench.bus.call("Expiry").first?.elements == [])
        #expect(try await bench.history() == ["recorded"])
        // The certificate's row is gone; the approval that was recorded names it, and its signature the holder.
        let database = try Database(state(bench) + "/eonay.db")
        #expect(try await database.rows("SELECT id FROM certificate") == [])
        #expect(try await database.rows("SELECT state FROM pin") == [])
        #expect(try !files(in: state(bench), holding: holder).isEmpty)

        let all = try await forget(bench, "", ["all": true, "signatures": true])
        #expect(all["Approvals"]?.uint32 == 1 && all["Kept"]?.uint32 == 0)
        #expect(try await bench.history() == [])
        #expect(try await bench.bus.objects("Approval").isEmpty)
        for text in [holder, bench.certificate, "10000000146", bench.origin] {
            #expect(try files(in: state(bench), holding: text) == [], "\(text)")
        }
        // Nor does a later start find anything.
        try await bench.restartService()
        #expect(try await bench.bus.call("Status").first?.elements == [])
        // The log names nobody.
        #expect(!bench.service.lines.all.contains { $0.text.contains(holder) })
        await bench.stop()
    }

    @Test func aCertificateWhoseCardIsInLeavesWithItAndComesBackWithIt() async throws {
        let bench = try await ApprovalBench()
        let answer = try await forget(bench, bench.certificate, ["holder": true])
        #expect(answer["Present"]?.elements?.map(\.string) == [bench.certificate])
        #expect(try await bench.bus.objects("Certificate").count == 1)
        #expect(try files(in: state(bench), holding: bench.certificate) == [])
        try await bench.card.remove()
        try await bench.bus.until { try await $0.objects("Certificate").isEmpty }
        #expect(try files(in: state(bench), holding: bench.certificate) == [])
        try await bench.card.insert()
        try await bench.bus.until { try await $0.objects("Certificate").count == 1 }
        await bench.stop()
    }

    @Test func whatMakesNoSenseIsRefused() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        #expect(await refusal(bench) == "InvalidArgument")
        #expect(await refusal(bench, bench.certificate, ["all": true]) == "InvalidArgument")
        #expect(await refusal(bench, "", ["all": true, "holder": true]) == "InvalidArgument")
        #expect(await refusal(bench, "", ["everything": true]) == "InvalidArgument")
        #expect(await refusal(bench, "0123456789abcdef") == "NoCertificate")
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        for options in [["all": true], [:], ["holder": true]] {
            let certificate = options["all"] == true ? "" : bench.certificate
            #expect(await refusal(bench, certificate, options) == "TokenBusy")
        }
        bench.pinentry?.type(bench.card.pin)
        #expect(try await bench.end(of: approval) == End("recorded"))
        await bench.stop()
    }

    @Test func theCommandAsksForAWordWhereNobodyCanBeAskedAndSaysWhatStays() async throws {
        let bench = try await ApprovalBench()
        let (desktop, id) = (bench.desktop, String(bench.certificate.prefix(8)))
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(try await desktop.run("eonay", "forget", id).status == .exited(2))
        #expect(try await desktop.run("eonay", "forget", "--yes").status == .exited(2))
        #expect(try await desktop.run("eonay", "forget", "00000000", "--yes").status == .exited(11))
        let eonay = try Programs.built("eonay")
        // On a terminal it asks, and any other word is no.
        let asked = try await desktop.start(
            "script", ["-qec", "\(eonay) forget \(id)", "/dev/null"], package: "bsdutils",
            environment: ["LC_ALL": "C", "TERM": "dumb"])
        try await asked.lines.next { $0.text.contains("Type yes:") }
        asked.write(line: "no")
        #expect(await asked.end() == .exited(0))
        #expect(try await bench.bus.objects("Certificate").count == 1)
        let done = try await desktop.run("eonay", "forget", id, "--yes").check().text
        #expect(done.contains("1 sertifika unutuldu.") && done.contains("1 onay kaldı."), "\(done)")
        let json = try await desktop.run("eonay", "forget", "--all", "--signatures", "--yes", "--json").check()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
        #expect(Set(object.keys) == ["certificates", "present", "approvals", "kept", "erased"])
        #expect(object["approvals"] as? Int == 1 && object["kept"] as? Int == 0)
        await bench.stop()
    }

    @Test func anExportHoldsAllThatIsStoredInReadableFilesAndOverwritesNothing() async throws {
        let bench = try await ApprovalBench()
        let desktop = bench.desktop
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        let file = desktop.folder.file("mine.tar")
        let summary = try await desktop.run("eonay", "export", file, "--json").check()
        let counts = try #require(try JSONSerialization.jsonObject(with: Data(summary.output)) as? [String: Any])
        #expect(counts["certificates"] as? Int == 1 && counts["approvals"] as? Int == 1)
        #expect(counts["signatures"] as? Int == 2)
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        let before = try Data(contentsOf: URL(filePath: file))
        let said = try await desktop.run("eonay", "export", file + "2").check().text
        #expect(said.contains("mine.tar2 yazıldı: 1 sertifika, 1 onay, 2 imza."), "\(said)")
        let again = try await desktop.run("eonay", "export", file, "--json")
        #expect(again.status == .exited(4) && again.text.contains("FileExists"))
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
        #expect(try await desktop.run("eonay", "export", "/nonexistent/mine.tar").status == .exited(4))

        let listed = try await desktop.run("tar", "-tvf", file, package: "tar").check().lines.map(\.text)
        #expect(listed.count == 5 && listed.allSatisfy { $0.hasPrefix("-rw------- ") })
        let folder = try desktop.folder.makeFolder("unpacked")
        try await desktop.run("tar", "-C", folder, "-xf", file, package: "tar").check()
        func object(_ name: String) throws -> [[String: Any]] {
            let data = try #require(FileManager.default.contents(atPath: "\(folder)/eonay/\(name).json"))
            let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            return try #require(whole[name] as? [[String: Any]])
        }
        let certificate = try #require(try object("certificates").first)
        #expect(certificate["id"] as? String == bench.certificate && certificate["holder"] as? String == holder)
        #expect(certificate["first_seen"] as? Int ?? 0 > 0 && certificate["reminders_shown"] as? [Int] == [])
        let approval = try #require(try object("approvals").first)
        #expect(approval["result"] as? String == "recorded" && approval["portal"] as? String == bench.origin)
        let signatures = try #require(approval["signatures"] as? [[String: Any]])
        #expect(signatures.map { $0["step"] as? String } == ["login", "consent"])
        // Each is the signature that the record holds, and is judged as any.
        let stored = try await Database(state(bench) + "/eonay.db").rows(
            "SELECT hex(cms) FROM signature ORDER BY rowid")
        for (signature, hex) in zip(signatures, stored) {
            let path = try "\(folder)/eonay/\(#require(signature["file"] as? String))"
            let data = try #require(FileManager.default.contents(atPath: path))
            #expect(data.map { String(format: "%02X", $0) }.joined() == hex)
            #expect(try await desktop.run("eonay", "verify", path).status != .exited(4))
        }
        // It is all in pages, however many there are.
        let page = try await bench.bus.call("ListApprovals", .options(["after": .int64(0), "limit": .uint32(1)]))
        #expect(page.first?.elements?.count == 1)
        await bench.stop()
    }

    @Test func aCertificateThatEndedYearsAgoLeavesBusAndDiskByItself() async throws {
        let bench = try await ReminderBench([.ending(inDays: -10), .ending(inDays: 2000, id: "b", identity: 2)])
        try await bench.begin()
        let late = ReminderBench.start + 3 * 366 * ReminderBench.day
        for time in [late, late + 29 * ReminderBench.day] {
            try await bench.set(clockTo: time)
            #expect(try await bench.bus.objects("Certificate").count == 2)
        }
        try await bench.set(clockTo: late + 31 * ReminderBench.day)
        let rows = try await bench.bus.call("Expiry").first?.elements
        #expect(rows?.compactMap { $0.members?.first?.string } == [String(repeating: "b", count: 64)])
        #expect(try await bench.bus.objects("Certificate").count == 1)
        // A later run does not find it either.
        try await bench.restart()
        #expect(try await bench.bus.objects("Certificate").count == 1)
        await bench.end()
    }

    @Test func aServiceThatShallRememberNothingLeavesNothingBehind() async throws {
        let bench = try await ApprovalBench(settings: "\n[Privacy]\nRemember=false\n")
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        // It outlives a crash within the session, in memory's own folder.
        try await bench.restartService()
        #expect(try await bench.history() == ["recorded"])
        #expect(FileManager.default.fileExists(atPath: bench.desktop.folder.file("run/eonay/eonay.db")))
        #expect(!FileManager.default.fileExists(atPath: state(bench)))
        #expect(try files(in: bench.desktop.folder.file("state"), holding: bench.certificate) == [])
        await bench.stop()
    }
}
