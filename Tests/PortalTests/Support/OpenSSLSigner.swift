// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import VirtualCard

/// Signs with the openssl program, which makes what `SignatureDraft` refuses to make.
struct OpenSSLSigner {
    private let folder: TemporaryFolder
    private let program: String

    /// - Parameter signers: each with its certificate and key; the first is the holder.
    init(_ signers: [IssuedCertificate]) throws {
        program = try Programs.find("openssl", package: "openssl")
        folder = try TemporaryFolder()
        for (place, signer) in signers.enumerated() {
            try folder.write("\(place).pem", signer.pem)
            try folder.write("\(place).key", signer.key.pem())
        }
    }

    /// A CMS over the content, DER, with further options of openssl-cms(1).
    func sign(_ content: [UInt8], signers: Int = 1, _ options: [String]) async throws -> [UInt8] {
        try folder.write("content", content)
        let who = (0..<signers).flatMap { ["-signer", "\($0).pem", "-inkey", "\($0).key"] }
        let made = try await TestBench.run(
            program, ["cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER", "-in", "content"] + who + options,
            folder: folder.path)
        return try made.check().output
    }

    /// Gives the holder a certificate of the authority over a key that `SigningKey` does not know, of openssl's making.
    ///
    /// - Parameters:
    ///   - key: options of openssl-genpkey(1).
    ///   - subject: as openssl-req(1) takes it.
    mutating func replaceKey(_ key: [String], subject: String, by issuer: IssuedCertificate) async throws {
        try folder.write("ca.pem", issuer.pem)
        try folder.write("ca.key", issuer.key.pem())
        func openssl(_ arguments: [String]) async throws {
            _ = try await TestBench.run(program, arguments, folder: folder.path).check()
        }
        try await openssl(["genpkey"] + key + ["-out", "0.key"])
        try await openssl(["req", "-new", "-utf8", "-key", "0.key", "-subj", subject, "-out", "0.csr"])
        try await openssl(["x509", "-req", "-in", "0.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-out", "0.pem"])
    }
}
