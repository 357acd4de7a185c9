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
        #expect(end.text.contains("NO_CERTIFICATE_CHAIN_FOUND: untrusted-issuer"))
        #expect(end.text.contains("None of the certificates that are trusted"))
    }

    @Test func aDetachedSignatureNeedsItsContentAndSeesAChange() async throws {
        try await sign()
        let missing = try await eonay("verify", "letter.p7s", "--trust", "trust")
        #expect(missing.status == .exited(7))
        #expect(missing.text.contains("SIGNED_DATA_NOT_FOUND: content-missing"))
        try await eonay("verify", "letter.p7s", "--content", "letter", "--trust", "trust").check()
        _ = try folder.write("letter", "merhabA\n")
        let changed = try await eonay("verify", "letter.p7s", "--content", "letter", "--trust", "trust", "--json")
        #expect(changed.status == .exited(6))
        #expect(
            changed.text.contains(#""conclusion":"invalid""#) && changed.text.contains("HASH_FAILURE: digest-mismatch"))
    }

    @Test func whatIsNoSignatureIsInvalid() async throws {
        let end = try await eonay("verify", "letter", "--trust", "trust")
        #expect(end.status == .exited(6))
        #expect(end.text.contains("FORMAT_FAILURE: malformed"))
    }
}
