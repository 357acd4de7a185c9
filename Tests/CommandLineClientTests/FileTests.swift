// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

/// `inspect` and `verify`: no service, no bus.
@Suite(.timeLimit(.minutes(1)))
struct FileTests {
    private let environment = ["LC_ALL": "C", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"]
    private let folder: TemporaryFolder
    private let authority: TestAuthority
    private let nes: IssuedCertificate

    init() throws {
        folder = try TemporaryFolder()
        authority = try TestAuthority(now: Desktop.now())
        nes = try authority.issue(CertificateRequest(), now: Desktop.now())
        _ = try folder.makeFolder("trust")
        _ = try folder.write("trust/root.pem", authority.root.pem)
        _ = try folder.write("trust/issuer.pem", authority.issuer.pem)
        _ = try folder.write("letter", "merhaba\n")
    }

    private func eonay(_ arguments: String...) async throws -> Finished {
        try await TestBench.run(Programs.built("eonay"), arguments, environment: environment, folder: folder.path)
    }

    private func sign(_ more: String...) async throws {
        _ = try folder.write("nes.pem", nes.pem)
        _ = try folder.write("nes.key", try nes.key.pem())
        try await TestBench.run(
            Programs.find("openssl", package: "openssl"),
            [
                "cms", "-sign", "-cades", "-binary", "-in", "letter", "-signer", "nes.pem", "-inkey", "nes.key",
                "-outform", "DER", "-out", "letter.p7s",
            ] + more, folder: folder.path
        ).check()
    }

    @Test func inspectTellsTheFactsOfACertificate() async throws {
        _ = try folder.write("nes.pem", nes.pem)
        let told = try await eonay("inspect", "nes.pem").check().text
        for fact in ["Şükrü İğdırlı", "100********", "rsa-2048", "nonRepudiation", "Qualified (NES)  yes"] {
            #expect(told.contains(fact), "\(fact)")
        }
        #expect(!told.contains("10000000146"))
        let json = try await eonay("inspect", "nes.pem", "--json").check().text
        #expect(json.hasPrefix(#"{"certificates":[{"id":""#))
        #expect(!json.contains("10000000146"))
    }

    /// A certificate that openssl makes for itself.
    private func selfSigned(_ subject: String, _ more: String...) async throws -> String {
        try await TestBench.run(
            Programs.find("openssl", package: "openssl"),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "odd.key",
                "-utf8", "-subj", subject, "-days", "30", "-out", "odd.pem",
            ] + more, folder: folder.path
        ).check()
        return "odd.pem"
    }

    @Test(arguments: [
        ("/C=TR/serialNumber=10000000146/CN=Ali", "T.C. Kimlik No", "citizen"),
        ("/C=TR/serialNumber=99000000146/CN=Ali", "Foreigner's number", "foreigner"),
        ("/C=TR/serialNumber=1234567801/O=Kurum", "Tax number (VKN)", "taxpayer"),
        ("/C=TR/serialNumber=TR-4711/CN=Ali", "Subject's number", "other"),
    ])
    func theSubjectsNumberIsCalledWhatItIs(subject: String, label: String, kind: String) async throws {
        let file = try await selfSigned(subject)
        let told = try await eonay("inspect", file).check().text
        #expect(told.contains(label))
        #expect(label == "T.C. Kimlik No" || !told.contains("T.C. Kimlik No"))
        #expect(try await eonay("inspect", file, "--json").check().text.contains("\"identity_kind\":\"\(kind)\""))
    }

    @Test(arguments: [
        "/C=TR/serialNumber=10000000146", "/CN=10000000146", "/C=TR/CN=Ali 10000000146/O=19090909018",
        "/GN=10000000146/SN=Veli/serialNumber=7", "/O=Kurum 1000 0000 146", "/serialNumber=10000000146/UID=10000000146",
    ])
    func noNumberOfAPersonIsShownWhole(subject: String) async throws {
        let file = try await selfSigned(subject)
        for arguments in [[file], [file, "--json"]] {
            let told = try await TestBench.run(
                Programs.built("eonay"), ["inspect"] + arguments, environment: environment, folder: folder.path
            ).check().text.filter { !" .-".contains($0) }
            #expect(!told.contains("10000000146") && !told.contains("19090909018") && told.contains("100********"))
        }
    }

    @Test func aSubjectThatSaysNothingHasAStandIn() async throws {
        #expect(try await eonay("inspect", selfSigned("/")).check().text.contains("holder without a name"))
    }

    @Test func limitsAndUnreadableExtensionsAreTold() async throws {
        // QcLimitValue of 15 · 10² TRY, and a key usage that is an INTEGER.
        let limit = "1.3.6.1.5.5.7.1.3=DER:30:17:30:15:06:06:04:00:8E:46:01:02:30:0B:13:03:54:52:59:02:01:0F:02:01:02"
        let file = try await selfSigned(
            "/CN=Ali", "-addext", limit, "-addext", "2.5.29.15=DER:02:01:07")
        let told = try await eonay("inspect", file).check().text
        #expect(told.contains("Transaction limit") && told.contains("1500 TRY"))
        #expect(told.contains("Unreadable") && told.contains("2.5.29.15"))
        let json = try await eonay("inspect", file, "--json").check().text
        #expect(json.contains(#""limits":["1500 TRY"]"#) && json.contains(#""unreadable_extensions":["2.5.29.15"]"#))
    }

    @Test func whyItIsNotQualifiedIsSaidInWords() async throws {
        let bare = try authority.issue(CertificateRequest(.noUserNotice), now: Desktop.now())
        _ = try folder.write("bare.pem", bare.pem)
        let told = try await eonay("inspect", "bare.pem").check().text
        #expect(told.contains("It has no user notice") && !told.contains("no-user-notice"))
        #expect(
            try await eonay("inspect", "bare.pem", "--json").check().text.contains(#""reasons":["no-user-notice"]"#))
    }

    @Test func filesThatAreNoCertificatesAreStatusFour() async throws {
        for file in ["letter", "missing", "."] { #expect(try await eonay("inspect", file).status == .exited(4)) }
        _ = try folder.write("large", String(repeating: "x", count: 600_000))
        let large = try await eonay("inspect", "large", "--json")
        #expect(large.status == .exited(4))
        #expect(large.text.hasPrefix(#"{"error":{"name":"FileTooLarge","status":4,"#))
    }

    @Test func aGoodSignatureIsValid() async throws {
        try await sign("-nodetach")
        let told = try await eonay("verify", "letter.p7s", "--trust", "trust").check().text
        #expect(told.contains("letter.p7s  VALID") && told.contains("CAdES-B-B") && told.contains("  merhaba\n"))
    }

    @Test func withoutTrustItIsIndeterminateByName() async throws {
        try await sign("-nodetach")
        _ = try folder.makeFolder("none")
        let end = try await eonay("verify", "letter.p7s", "--trust", "none")
        #expect(end.status == .exited(7))
        #expect(
            end.text.contains("None of the certificates that are trusted") && !end.text.contains("untrusted-issuer"))
        let json = try await eonay("verify", "letter.p7s", "--trust", "none", "--json")
        #expect(json.text.contains("NO_CERTIFICATE_CHAIN_FOUND: untrusted-issuer"))
    }

    @Test func aDetachedSignatureNeedsItsContentAndSeesAChange() async throws {
        try await sign()
        let missing = try await eonay("verify", "letter.p7s", "--trust", "trust")
        #expect(missing.status == .exited(7))
        #expect(missing.text.contains("What was signed is not in the file: name it with --content."))
        try await eonay("verify", "letter.p7s", "--content", "letter", "--trust", "trust").check()
        _ = try folder.write("letter", "merhabA\n")
        let changed = try await eonay("verify", "letter.p7s", "--content", "letter", "--trust", "trust", "--json")
        #expect(changed.status == .exited(6))
        #expect(
            changed.text.contains(#""conclusion":"invalid""#) && changed.text.contains("HASH_FAILURE: digest-mismatch"))
    }

    @Test func aFileWithoutASignatureIsToldInOneSentence() async throws {
        _ = try folder.write("empty", "")
        _ = try folder.write("letter.pdf", "%PDF-1.7\n1 0 obj\n")
        _ = try folder.write("nes.pem", nes.pem)
        for file in ["letter", "letter.pdf", "nes.pem", "empty"] {
            let end = try await eonay("verify", file, "--trust", "trust")
            #expect(end.status == .exited(4))
            #expect(end.lines.contains { $0.text.contains("There is no signature in the file. (\(file))") })
            #expect(!end.lines.contains { $0.text.contains("not-cms") } && end.text.isEmpty)
            let json = try await eonay("verify", file, "--trust", "trust", "--json")
            #expect(json.status == .exited(4) && json.text.contains(#""name":"FileForeign","status":4"#))
            #expect(json.text.contains(#""detail":"\#(file): not-cms""#))
        }
    }

    @Test func aBrokenSignatureIsInvalidInAPersonsWords() async throws {
        _ = try folder.write("broken.p7s", "-----BEGIN CMS-----\nAAAA\n")
        let end = try await eonay("verify", "broken.p7s", "--trust", "trust")
        #expect(
            end.status == .exited(6) && end.text.contains("INVALID") && end.text.contains("The signature is broken."))
        for word in ["FORMAT_FAILURE", "malformed", "bad-armour"] { #expect(!end.text.contains(word), "\(word)") }
        let json = try await eonay("verify", "broken.p7s", "--trust", "trust", "--json")
        #expect(json.text.contains("FORMAT_FAILURE: malformed (bad-armour)"))
    }

    /// Octets that mail programs, cards and editors leave behind a file's end.
    @Test(arguments: ["\n", "\r\n", "\n\n\0\0\0"]) func blankOctetsAfterTheSignatureArePassedOver(end: String)
        async throws
    {
        try await sign("-nodetach")
        let signature = try folder.read("letter.p7s")
        try folder.write("padded.p7s", signature + Array(end.utf8))
        try await eonay("verify", "padded.p7s", "--trust", "trust").check()
        try folder.write("longer.p7s", signature + Array(end.utf8) + [0x30])
        #expect(try await eonay("verify", "longer.p7s", "--trust", "trust").status == .exited(6))
    }
}
