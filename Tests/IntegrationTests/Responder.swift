// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench
import Testing
import VirtualCard

/// The servers of a certification centre: OpenSSL's responder, and Python's for the issuer's certificate.
///
/// The certificates name their addresses, so these stand first and the servers follow.
final class Responder: Sendable {
    let addresses: AuthorityAddresses
    private let (port, filePort): (UInt16, UInt16)
    private let folder: TemporaryFolder

    init() throws {
        (port, filePort) = (try Self.freePort(), try Self.freePort())
        folder = try TemporaryFolder()
        addresses = AuthorityAddresses(
            ocsp: "http://127.0.0.1:\(port)/", issuer: "http://127.0.0.1:\(filePort)/ca.crt")
    }

    /// Answers about the certificate of a bench's card. The processes live as long as what is returned.
    func start(for bench: ApprovalBench, revoked: Bool, reason: String = "") async throws -> [ChildProcess] {
        let files = try await startFiles(for: bench)
        let leaf = try folder.write("leaf.der", bench.card.description.contents[0].certificate)
        let openssl = try Programs.find("openssl", package: "openssl")
        let shown = try await run(openssl, ["x509", "-inform", "DER", "-in", leaf, "-noout", "-serial"]).check()
        let serial = String(decoding: shown.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            .replacing("serial=", with: "")
        try folder.write(
            "index.txt",
            "\(revoked ? "R" : "V")\t400101000000Z\t\(revoked ? "250102030405Z\(reason)" : "")\t\(serial)\tunknown\t/CN=x\n"
        )
        try folder.write("ca.pem", bench.desktop.authority.issuer.pem)
        try folder.write("ca.key", try bench.desktop.authority.issuer.key.pem())
        let responder = try await ChildProcess.start(
            openssl,
            [
                "ocsp", "-port", "\(port)", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey",
                "ca.key", "-ndays", "1", "-rmd", "sha256",
            ], folder: folder.path)
        try await responder.lines.next { $0.text.contains("ACCEPT") || $0.text.contains("waiting") }
        return [responder, files]
    }

    /// Gives the issuer's certificate to who asks.
    func startFiles(for bench: ApprovalBench) async throws -> ChildProcess {
        try folder.write("ca.crt", bench.desktop.authority.issuer.certificate)
        let files = try await ChildProcess.start(
            Programs.find("python3", package: "python3"),
            ["-u", "-m", "http.server", "\(filePort)", "--bind", "127.0.0.1", "--directory", folder.path])
        try await files.lines.next { $0.text.contains("Serving") }
        return files
    }

    /// Takes connections at the responder's address and never answers; ends with the returned descriptor.
    func stall() throws -> Int32 { try Self.listen(port).descriptor }

    private static func freePort() throws -> UInt16 {
        let (descriptor, port) = try listen(0)
        close(descriptor)
        return port
    }

    private static func listen(_ port: UInt16) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var (reuse, address) = (Int32(1), sockaddr_in())
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isListening)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
