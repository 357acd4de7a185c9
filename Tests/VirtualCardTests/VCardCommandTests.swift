// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

/// The program, as people and scripts use it.
@Suite(.timeLimit(.minutes(1))) struct VCardCommandTests {
    @Test func itObeysLinesAndTellsWhatHappens() async throws {
        let pcscd = try await PrivatePCSCD().start()
        guard case .virtualReader(let socket) = pcscd.readers[0].address else { return }
        let program = try await ChildProcess.start(Programs.built("eonay-vcard"), ["run", "--socket", socket])
        for (command, event) in [
            ("insert", "powered"), ("remove", "removed"), ("nonsense", "not a command: nonsense"),
            ("insert", "powered"), ("remove-at 1", "set"),
        ] {
            program.write(line: command)
            try await program.lines.next { $0.text == event }
        }
        _ = try await OpenSC(pcscd).tool("opensc-tool", "--send-apdu", "00:84:00:00:08")
        try await program.lines.next { $0.text == "removed" }
        program.write(line: "quit")
        #expect(await program.end() == .exited(0))
    }

    @Test func itEndsWithItsInput() async throws {
        let pcscd = try await PrivatePCSCD().start()
        guard case .virtualReader(let socket) = pcscd.readers[0].address else { return }
        let program = try await ChildProcess.start(
            Programs.built("eonay-vcard"), ["run", "--inserted", "--socket", socket])
        try await program.lines.next { $0.text == "powered" }
        program.closeInput()
        try await program.lines.next { $0.text == "removed" }
        #expect(await program.end() == .exited(0))
    }

    @Test func certificatesMadeByOneCommandGoOnACardOfTheNext() async throws {
        let folder = try TemporaryFolder()
        let (program, ca) = (try Programs.built("eonay-vcard"), folder.file("ca"))
        try await run(program, ["make-ca", ca, "--family", "rsa"]).check()
        try await run(
            program, ["make-certificate", ca, "nes", "--days-left", "12", "--name", "Işıl Ünlü"]
        ).check()
        let pcscd = try await PrivatePCSCD().start()
        guard case .virtualReader(let socket) = pcscd.readers[0].address else { return }
        let card = try await ChildProcess.start(
            program, ["run", "--inserted", "--socket", socket, "--certificate", "\(ca)/nes.der:\(ca)/nes.key"])
        try await card.lines.next { $0.text == "powered" }
        let opensc = try await OpenSC(pcscd)
        try await opensc.pkcs11("-r", "-y", "cert", "--id", "41", "-o", folder.file("copy")).check()
        #expect(try folder.read("copy") == folder.read("ca/nes.der"))
        try folder.write("text", "metin")
        try await opensc.pkcs11(
            "--login", "--pin", "123456", "--sign", "-m", "SHA256-RSA-PKCS", "--id", "41", "-i", folder.file("text"),
            "-o", folder.file("signature")
        ).check()
        let openssl = try Programs.find("openssl", package: "openssl")
        let end = try await run(
            openssl, ["x509", "-in", "\(ca)/nes.pem", "-noout", "-checkend", "\(12 * 86_400 + 60)"])
        #expect(!end.succeeded)
    }

    @Test func itBecomesAPrivatePCSCD() async throws {
        let folder = try TemporaryFolder()
        let program = try Programs.built("eonay-vcard")
        let daemon = try await ChildProcess.start(program, ["pcscd", folder.file("bench"), "--readers", "2"])
        let line = try await daemon.lines.next { $0.text.hasPrefix("PCSCLITE_CSOCK_NAME=") }.text
        let card = try await ChildProcess.start(
            program, ["run", "--inserted", "--type", "piv", "--socket", folder.file("bench/reader-2")])
        try await card.lines.next { $0.text == "powered" }
        let list = try await run(
            Programs.find("opensc-tool", package: "opensc"), ["--list-readers"],
            environment: ["PCSCLITE_CSOCK_NAME": String(line.dropFirst("PCSCLITE_CSOCK_NAME=".count))])
        #expect(list.text.contains("Yes             E-Onay Reader 2"))
    }

    @Test func aWrongCallIsExplained() async throws {
        let program = try Programs.built("eonay-vcard")
        let neither = try await run(program, ["run"])
        #expect(!neither.succeeded && neither.description.contains("--socket or --vpcd"))
        let mistaken = try await run(program, ["run", "--socket", "/tmp/x", "--key-type", "ec-p256"])
        #expect(mistaken.description.contains("a card of type akis has no ec-p256 keys"))
    }
}
