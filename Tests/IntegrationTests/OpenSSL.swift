// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import VirtualCard

/// OpenSSL's own word on what was signed.
struct OpenSSL {
    private let folder: TemporaryFolder
    private let program: String

    init(_ desktop: Desktop) throws {
        folder = try TemporaryFolder()
        program = try Programs.find("openssl", package: "openssl")
        try folder.write("authority.pem", desktop.authority.root.pem + desktop.authority.issuer.pem)
    }

    /// The text that was signed. Throws what OpenSSL says of a signature that is no CAdES, or by a stranger.
    func content(of cms: [UInt8]) async throws -> String {
        let file = try folder.write("signature.der", cms)
        let verified = try await run(
            program,
            [
                "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file, "-purpose", "any", "-CAfile",
                folder.file("authority.pem"), "-out", folder.file("content"),
            ])
        try verified.check()
        return String(decoding: try folder.read("content"), as: UTF8.self)
    }
}
