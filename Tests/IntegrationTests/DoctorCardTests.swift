// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import Glibc
import TestBench
import Testing
import TokenBench
import VirtualCard

/// `eonay doctor` from pcscd to the certificate: each line red, by a fault that is really there.
@Suite(.timeLimit(.minutes(3)))
struct DoctorCardTests {
    /// The lines below pcscd's that cannot be looked at.
    private static let afterCardService = ["reader", "card", "driver", "certificate"].map {
        $0 + ".not-looked-at unknown"
    }

    private func expectNothingBelow(_ answer: DoctorAnswer) {
        for line in Self.afterCardService { #expect(answer.lines.contains(line)) }
        #expect(!answer.isApprovable)
    }

    // MARK: - pcscd

    @Test func aCardServiceThatDoesNotRunIsToldWithItsCommand() async throws {
        let answer = try await Desktop(pcscdRuns: false).diagnosis()
        #expect(answer.lines.first == "pcscd.stopped fault")
        #expect(answer.text(of: "pcscd.stopped").contains("sudo systemctl enable --now pcscd.socket"))
        expectNothingBelow(answer)
    }

    @Test func aCardServiceThatIsNotInstalledIsNamedWithItsPackage() async throws {
        let desktop = try await Desktop(pcscdRuns: false)
        let answer = try await desktop.diagnosis(after: "mount --bind /dev/null /usr/sbin/pcscd")
        #expect(answer.lines.first == "pcscd.missing fault")
        #expect(answer.text(of: "pcscd.missing").hasSuffix("sudo apt install pcscd libccid"))
        expectNothingBelow(answer)
    }

    @Test func aCardServiceThatHangsIsTold() async throws {
        let desktop = try await Desktop()
        kill(try #require(desktop.pcscd.pid), SIGSTOP)
        let answer = try await desktop.diagnosis()
        #expect(answer.lines.first == "pcscd.no-answer unknown")
        #expect(answer.text(of: "pcscd.no-answer").hasSuffix("sudo systemctl restart pcscd"))
        expectNothingBelow(answer)
    }

    @Test func aRefusalIsTold() async throws {
        let desktop = try await Desktop()
        let door = try RefusingDoor(before: desktop.pcscd)
        let answer = try await desktop.diagnosis(environment: ["PCSCLITE_CSOCK_NAME": door.path])
        #expect(answer.lines.first == "pcscd.denied fault")
        expectNothingBelow(answer)
        door.open()
        #expect(
            try await desktop.diagnosis(environment: ["PCSCLITE_CSOCK_NAME": door.path]).lines.first
                == "pcscd.running fine")
    }

    @Test func aServiceThatIsRefusedCountsThoughWeAreNot() async throws {
        let desktop = try await Desktop()
        let door = try RefusingDoor(before: desktop.pcscd)
        let bench = try await ServiceBench(on: desktop, environment: ["PCSCLITE_CSOCK_NAME": door.path])
        try await bench.waitFor(watcher: "denied")
        let answer = try await desktop.diagnosis()
        #expect(answer.lines.first == "pcscd.unseen-by-service fault")
        expectNothingBelow(answer)
    }

    // MARK: - Readers and cards

    @Test func noReaderAndThenNoCard() async throws {
        let desktop = try await Desktop(.own(0))
        let answer = try await desktop.diagnosis()
        #expect(answer.lines.prefix(3) == ["pcscd.running fine", "reader.none fault", "card.not-looked-at unknown"])
        #expect(answer.text(of: "reader.none").hasSuffix("sudo apt install libccid"))
        let without = try await Desktop().diagnosis()
        #expect(without.lines[1...3] == ["reader.connected fine", "card.none fault", "driver.not-looked-at unknown"])
    }

    @Test func aCardThatDoesNotAnswer() async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card(.mute))
        let answer = try await desktop.diagnosis()
        #expect(answer.about("card") == ["card.mute fault"])
        #expect(answer.about("driver") == ["driver.not-looked-at unknown"])
        try await card.remove()
    }

    @Test func aCardThatNoDriverKnows() async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card(.unknown))
        let answer = try await desktop.diagnosis()
        #expect(answer.about("card") == ["card.in fine"])
        #expect(answer.about("driver") == ["driver.unknown-card fault"])
        #expect(answer.about("certificate") == ["certificate.not-looked-at unknown"])
        try await card.remove()
    }

    @Test(arguments: [false, true])
    func aCardThatAnotherProgramHolds(serviceRuns: Bool) async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card())
        let holder = try await CardHolder(of: desktop.pcscd.readers[0], on: desktop)
        let bench = serviceRuns ? try await ServiceBench(on: desktop) : nil
        if let bench { try await bench.token { $1["HeldBy"]?.string == holder.description } }
        let answer = try await desktop.diagnosis()
        #expect(answer.about("card") == ["card.held fault"])
        #expect(answer.text(of: "card.held").contains(holder.description))
        await holder.letGo()
        try await card.remove()
    }

    // MARK: - Drivers

    /// The lines about the drivers, where these modules are configured and an AKİS card is in.
    private func answer(_ desktop: Desktop, modules: [String]) async throws -> DoctorAnswer {
        try desktop.configure(modules: modules)
        let card = try await desktop.pcscd.insert(desktop.card())
        let answer = try await desktop.diagnosis()
        try await card.remove()
        return answer
    }

    @Test func aDriverThatIsNotThere() async throws {
        let answer = try await answer(Desktop(), modules: ["/nowhere/libakisp11.so"])
        #expect(answer.about("driver") == ["driver.file-missing fault", "driver.unknown-card fault"])
        #expect(answer.text(of: "driver.file-missing").contains("/nowhere/libakisp11.so"))
    }

    @Test func noDriverAtAll() async throws {
        let answer = try await answer(Desktop(), modules: [])
        #expect(answer.about("driver") == ["driver.none fault"])
        expectAKIA(in: answer.text(of: "driver.none"))
    }

    /// The driver of the family that the answer to reset tells, with its package and its page.
    private func expectAKIA(in text: String) {
        for word in ["AKİA", "(package akia)", "https://akiskart.bilgem.tubitak.gov.tr/"] {
            #expect(text.contains(word), "\(word): \(text)")
        }
    }

    @Test func theFamilyOfACardNamesItsDriver() async throws {
        let answer = try await answer(Desktop(), modules: [SoftHSM.module])
        #expect(answer.text(of: "card.in").hasPrefix("A card is in: AKİS; answer to reset (ATR): 3B "))
        #expect(answer.about("driver") == ["driver.unknown-card fault"])
        let text = answer.text(of: "driver.unknown-card")
        #expect(text.hasPrefix("This is an AKİS card, and its driver is not installed."))
        expectAKIA(in: text)
    }

    @Test(arguments: ["C_OpenSession return 30", "C_FindObjects return 5", "C_GetAttributeValue return 31"])
    func aDriverThatFailsAtTheCard(_ lie: String) async throws {
        let desktop = try await Desktop()
        let module = try LyingModule(over: desktop.openSC.module, lie)
        let answer = try await answer(desktop, modules: [module.path])
        #expect(answer.about("driver") == ["driver.failed fault"])
        #expect(answer.text(of: "driver.failed").contains("CKR_"))
        #expect(answer.about("certificate") == ["certificate.not-looked-at unknown"])
    }

    @Test func aDriverFor32Bit() async throws {
        let desktop = try await Desktop()
        let source = try desktop.folder.write("none.c", "int nothing;")
        let module = desktop.folder.file("libakisp11.so")
        try Tool("cc", package: "gcc").run(["-m32", "-shared", "-nostdlib", "-o", module, source])
        let answer = try await answer(desktop, modules: [module])
        #expect(answer.about("driver") == ["driver.wrong-class fault", "driver.unknown-card fault"])
    }

    @Test func aDriverThatLacksALibrary() async throws {
        let desktop = try await Desktop()
        let folder = try desktop.folder.makeFolder("drivers")
        let library = folder + "/libssl.so.1.1"
        let source = try desktop.folder.write("ssl.c", "int SSL_library_init(void) { return 1; }")
        try Tool("cc", package: "gcc").run(
            ["-shared", "-fPIC", "-Wl,-soname,libssl.so.1.1", "-o", library, source])
        let module = try LyingModule(
            over: desktop.openSC.module, named: "libakisp11.so", in: folder, options: ["-Wl,--no-as-needed", library])
        try FileManager.default.removeItem(atPath: library)
        let answer = try await answer(desktop, modules: [module.path])
        #expect(answer.about("driver") == ["driver.library-missing fault", "driver.unknown-card fault"])
        #expect(answer.text(of: "driver.library-missing").hasSuffix("apt-file search libssl.so.1.1"))
    }

    @Test(arguments: ["crashes", "hangs"])
    func aDriverThatDoesNotComeBack(_ name: String) async throws {
        let module = try VendorModule(name)
        let answer = try await answer(Desktop(), modules: [module.path])
        #expect(
            answer.about("driver") == [
                "driver.\(name == "hangs" ? "silent" : "crashed") fault", "driver.unknown-card fault",
            ])
        #expect(name == "hangs" || answer.text(of: "driver.crashed").contains("SIG"))
    }

    @Test func aFileThatIsNoDriverDoesNotHideTheNext() async throws {
        let desktop = try await Desktop()
        let text = try desktop.folder.write("text.so", "no library")
        let answer = try await answer(desktop, modules: [text, desktop.openSC.module])
        #expect(answer.about("driver") == ["driver.refused warning", "driver.reads fine"])
        #expect(answer.about("certificate") == ["certificate.good fine"])
    }

    // MARK: - Certificates

    @Test func aCertificateOutsideItsTime() async throws {
        let now = Desktop.now()
        for (request, code) in [
            (CertificateRequest(notBefore: now - 9000, notAfter: now - 60), "expired"),
            (CertificateRequest(notBefore: now + 9000, notAfter: now + 90_000), "not-yet-valid"),
        ] {
            let desktop = try await Desktop()
            let card = try await desktop.pcscd.insert(desktop.card(.akis, [request]))
            #expect(try await desktop.diagnosis().about("certificate") == ["certificate.\(code) fault"])
            try await card.remove()
        }
    }

    /// An empty card, one that is not qualified, and one that would be but for what it lacks.
    @Test(arguments: [[], [.noETSIStatement], [.noUserNotice]] as [[IssuedKind]])
    func noQualifiedCertificate(_ kinds: [IssuedKind]) async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card(.piv, kinds.map { CertificateRequest($0) }))
        let answer = try await desktop.diagnosis()
        #expect(answer.about("driver") == ["driver.reads fine"])
        #expect(answer.about("certificate") == ["certificate.none fault"])
        try await card.remove()
    }

    @Test(arguments: [(0, "pin-locked fault"), (1, "pin-final-try warning")])
    func aPINThatWasEnteredWrongly(triesLeft: Int, line: String) async throws {
        let desktop = try await Desktop(.own(2))
        var description = try desktop.card(.piv)
        description.triesLeft = triesLeft
        let card = try await desktop.pcscd.insert(description)
        let answer = try await desktop.diagnosis()
        #expect(answer.about("certificate") == ["certificate.good fine", "certificate.\(line)"])
        // One good card is enough.
        let good = try await desktop.pcscd.insert(desktop.card(.akis), into: desktop.pcscd.readers[1])
        let eased = line.replacing("fault", with: "warning")
        #expect(
            try await desktop.diagnosis().about("certificate").sorted()
                == ["certificate.\(eased)", "certificate.good fine", "certificate.good fine"].sorted())
        try await good.remove()
        try await card.remove()
    }

    /// OpenSC's flags do not tell it of a card that has more than one try left; the service does.
    @Test func aWrongPINThatTheServiceRemembers() async throws {
        let bench = try await ApprovalBench(portal: .scripted([]))
        for step in [PortalScript.statement, PortalScript.session(), PortalScript.ended] { bench.script?.say(step) }
        let wrong = try await bench.approve(typing: ["000000", "000000"])
        #expect(try await bench.end(of: wrong) == End("failed", "PinIncorrect"))
        try await bench.card.remove()
        try await bench.bus.until { try await $0.objects("Token").isEmpty }
        try await bench.card.insert()
        try await bench.bus.until { bus in
            let tokens = try await bus.objects("Token").values
            return tokens.contains { $0.isLookedAt && $0["PinState"]?.string == "count-low" }
        }
        #expect(
            try await bench.desktop.diagnosis().about("certificate")
                == ["certificate.good fine", "certificate.pin-count-low warning"])
        await bench.stop()
    }
}
