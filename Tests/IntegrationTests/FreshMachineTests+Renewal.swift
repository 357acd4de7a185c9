// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// The story goes on: the card is read and near its end, its PIN is locked and unlocked, and a new card takes over.
extension FreshMachineTests {
    private static let day: Int64 = 86_400
    private static let newPIN = "246810"
    private static let configuration = """
        [Issuer "E-Onay Deneme"]
        UnlockPage=https://kurum.example/kilit
        OpenPage=https://kurum.example/pin

        """

    /// Runs a command that is given these lines where it would ask for a PIN.
    private func eonay(_ desktop: Desktop, _ arguments: [String], entering lines: String...) async throws -> Finished {
        try await TestBench.run(
            Programs.built("eonay"), arguments + ["--pin-fd", "0"], environment: desktop.environment,
            input: Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// The path of the one certificate on the one card.
    private func certificate(_ bench: ServiceBench) async throws -> ObjectPath {
        try #require(try await bench.token().facts["Certificates"]?.elements?.first?.objectPath)
    }

    private func id(_ certificate: ObjectPath) -> String {
        certificate.text.split(separator: "/").last.map(String.init) ?? ""
    }

    @Test func fromAReminderToTheNewCardThatTakesOverAtItsSecond() async throws {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let portal = try await desktop.startPortal()
        // OpenSC unblocks this card's PIN as another kind of card, where it is configured so.
        let driver = try await OpenSC(desktop.pcscd, drivers: "isoApplet", unblocks: "init_pin_in_so_session")
        try desktop.configure(
            "[Portal \"deneme\"]\nOrigin=\(portal.origin)\n\n" + Self.configuration, modules: [driver.module])
        let (screen, opener) = (try await Screen(on: desktop), try await Opener())
        let bench = try await ServiceBench(on: desktop, environment: opener.environment)

        // Read, and reminded of.
        let end = Desktop.now() + 20 * Self.day + 3600
        let card = try await bench.insert(
            desktop.card(.akis, [CertificateRequest(notBefore: end - 1095 * Self.day, notAfter: end)]))
        try await screen.shows("Your e-signature expires in 20 days")
        let (token, old) = (try await bench.token().path, try await certificate(bench))

        // Locked by wrong PINs; the notice leads to the issuer's page.
        for (options, status) in [([], 35), ([], 35), (["--final-try"], 37)] as [([String], Int32)] {
            let refused = try await eonay(desktop, ["approve", "--accept"] + options, entering: "999999")
            #expect(refused.status == .exited(status), "\(refused)")
        }
        try await bench.bus.wait(for: "PinState", of: "Token", at: token) { $0.string == "locked" }
        try await screen.shows("Your certification centre unlocks it on its page.")
        // The reminder and three refusals.
        try await screen.waitFor(count: 4)
        try await screen.press(anywhere: "Unlock")
        #expect(try await opener.opened().page == "https://kurum.example/kilit")

        // Unlocked by its PUK, it signs again, and the renewal is applied for.
        try await eonay(desktop, ["pin", "unblock"], entering: card.description.puk, Self.newPIN).check()
        try await bench.bus.wait(for: "PinState", of: "Token", at: token) { $0.string == "ok" }
        try await eonay(desktop, ["approve", "--accept"], entering: Self.newPIN).check()
        try await eonay(desktop, ["renew"], entering: Self.newPIN).check()
        try await screen.shows("Your application for its renewal has been filed.")
        let reminders = screen.printed("summary: 'Your e-signature expires")

        // The new card begins in a moment. Just before that the old one would be reminded of again.
        try await card.remove()
        try await bench.tokens(0)
        let begin = Desktop.now() + 12
        let successor = try await bench.insert(
            desktop.card(.akis, [CertificateRequest(notBefore: begin, notAfter: begin + 1095 * Self.day)]))
        let new = id(try await certificate(bench))
        try await bench.bus.wait(for: "Successor", of: "Certificate", at: old) { $0.string == new }
        try await successor.remove()
        // The reminder has gone; what was said of approvals stays.
        try await screen.waitFor(count: 5)
        _ = try await bench.bus.call("Snooze", .string(id(old)), .int64(begin - 1))
        try await screen.shows("From now on, use your new card")
        let shown = Desktop.now()
        let told = try await Database(desktop.folder.file("state/eonay/eonay.db")).rows(
            "SELECT shown_at FROM reminder WHERE certificate = '\(id(old))' AND rung = -1")
        let second = try #require(told.first.flatMap { Int64($0) })
        #expect((begin...begin + 1).contains(second) && second <= shown)
        try await screen.waitFor(count: 6)
        try await screen.press(anywhere: "Get the PIN")
        #expect(try await opener.opened().page == "https://kurum.example/pin")

        // The old card says so when it is put in, and nothing more is told of it.
        try await card.insert()
        try await screen.shows("Use your new card: it is good until")
        #expect(screen.printed("summary: 'From now on, use your new card'") == 1)
        #expect(screen.printed("summary: 'Your e-signature expires") == reminders)
        try await card.remove()
        await portal.process.kill()
    }
}
