// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

/// A card in the one reader of a private pcscd, and OpenSC's tools to look at it with.
struct CardOnBench {
    let pcscd: PrivatePCSCD
    let opensc: OpenSC
    let card: TestCard
    let folder: TemporaryFolder

    /// Any fixed moment will do where nobody checks validity; this one is 2026-01-15.
    static let now: Int64 = 1_768_435_200
    static let authority = Result { try TestAuthority(now: now) }

    static func certificate(
        _ kind: IssuedKind = .nes, for holder: Holder = .sukru, keyType: CardKeyType = .rsa2048
    ) throws -> IssuedCertificate {
        try authority.get().issue(CertificateRequest(kind, for: holder, keyType: keyType), now: now)
    }

    static func start(
        _ description: CardDescription, readers: PrivatePCSCD.Readers = .own(1)
    ) async throws -> CardOnBench {
        let pcscd = try await PrivatePCSCD(readers).start()
        return CardOnBench(
            pcscd: pcscd, opensc: try await OpenSC(pcscd), card: try await pcscd.insert(description),
            folder: try TemporaryFolder())
    }

    static let mechanisms: [CardKeyType: String] = [
        .rsa2048: "SHA256-RSA-PKCS", .p256: "ECDSA-SHA256", .p384: "ECDSA-SHA384",
    ]

    /// Signs a text with pkcs11-tool.
    func sign(id: String, mechanism: String = "SHA256-RSA-PKCS", pin: String? = nil) async throws -> Finished {
        try folder.write("text", "Türkçe metin: ığüşöç İĞÜŞÖÇ")
        return try await opensc.pkcs11(
            "--login", "--pin", pin ?? card.pin, "--sign", "-m", mechanism, "--id", id, "--signature-format", "openssl",
            "-i", folder.file("text"), "-o", folder.file("signature"))
    }

    /// Has openssl check what `sign` made.
    func verify(_ issued: IssuedCertificate, _ options: String...) async throws -> Bool {
        let openssl = try Programs.find("openssl", package: "openssl")
        try folder.write("certificate.pem", issued.pem)
        let key = try await run(openssl, ["x509", "-in", folder.file("certificate.pem"), "-noout", "-pubkey"]).check()
        try folder.write("key.pem", key.output)
        let digest = issued.key.type == .p384 ? "-sha384" : "-sha256"
        let arguments =
            ["dgst", digest] + options
            + ["-verify", folder.file("key.pem"), "-signature", folder.file("signature"), folder.file("text")]
        return try await run(openssl, arguments).text.contains("Verified OK")
    }
}
