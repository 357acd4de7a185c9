// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing
import VirtualCard

/// Real and conformance certificates, where they are at hand: beside the package, or where EONAY_SHARED_CERTS says.
@Suite(.timeLimit(.minutes(1))) struct ForeignCertificateTests {
    private static let files: [String] = {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let folder =
            ProcessInfo.processInfo.environment["EONAY_SHARED_CERTS"]
            ?? package.appending(path: "../shared/certs").standardizedFileURL.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".der") }.sorted().map { "\(folder)/\($0)" }
    }()

    @Test(.enabled(if: !files.isEmpty, "the certificates are not at hand"))
    func theyAreReadFromACardAsTheyAre() async throws {
        let contents = try Self.files.map { CardContent(certificate: try IssuedCertificate.readCertificate($0)) }
        let bench = try await CardOnBench.start(CardDescription(.akis, contents: contents))
        for (index, content) in contents.enumerated() {
            let copy = "copy-\(index)"
            try await bench.opensc.pkcs11(
                "-r", "-y", "cert", "--id", String(0x41 + index, radix: 16), "-o", bench.folder.file(copy)
            ).check()
            #expect(try bench.folder.read(copy) == content.certificate, "\(Self.files[index])")
        }
    }
}
