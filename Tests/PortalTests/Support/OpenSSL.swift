// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import NIOCore
import Signatures
import TestBench
import VirtualCard

@testable import Portal

/// openssl's own responder and lists, for certificates of the bench's authority.
struct OpenSSL: Sendable {
    private let folder: TemporaryFolder
    private let program: String

    /// The register's word on a certificate.
    enum Entry: Sendable {
        case good
        case revoked
        /// certificateHold: not opened yet, or suspended.
        case suspended
    }

    /// - Parameter responder: by which the answers are signed; one that the issuer certified unless given.
    init(_ authority: TestAuthority, responder: IssuedCertificate? = nil) throws {
        program = try Programs.find("openssl", package: "openssl")
        folder = try TemporaryFolder()
        let responder = try responder ?? authority.issueResponder(now: PortalBench.start)
        try folder.write("ca.pem", authority.issuer.pem)
        try folder.write("ca.der", authority.issuer.certificate)
        try folder.write("ca.key", authority.issuer.key.pem())
        try folder.write("responder.pem", responder.pem)
        try folder.write("responder.key", responder.key.pem())
        try folder.write("index.txt", "")
        try folder.write("index.txt.attr", "unique_subject = no\n")
        try folder.write(
            "ca.cnf", "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=1\n")
    }

    /// Writes the register of `openssl ca`: status, end, revocation, serial number. nil leaves the certificate out.
    func register(_ certificate: [UInt8], _ entry: Entry?) throws {
        let serial = try CertificateFacts.read(der: certificate).serialNumber.uppercased()
        let digits = serial.count.isMultiple(of: 2) ? serial : "0" + serial
        let revoked = entry == .revoked || entry == .suspended
        let reason = entry == .suspended ? "certificateHold" : "keyCompromise"
        let line =
            "\(revoked ? "R" : "V")\t490101000000Z\t\(revoked ? "200101000000Z,\(reason)" : "")\t\(digits)\t"
            + "unknown\t/CN=holder\n"
        // The responder knows a changed register by its inode and its time in seconds: a new file is told for sure.
        try folder.write("index.new", entry == nil ? "" : line)
        _ = rename(folder.file("index.new"), folder.file("index.txt"))
    }

    /// Runs `openssl ocsp` on a free port while the body runs. It looks at its register anew when that has changed.
    func withResponder(_ body: (_ address: String) async throws -> Void) async throws {
        let child = try await ChildProcess.start(
            program,
            [
                "ocsp", "-port", "0", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "responder.pem", "-rkey",
                "responder.key", "-ndays", "1",
            ], folder: folder.path)
        let line = try await child.lines.next { $0.text.hasPrefix("ACCEPT") && $0.text.contains(" PID=") }
        // "ACCEPT [::]:45678 PID=…"
        let port = line.text.split(separator: " ")[1].split(separator: ":").last ?? ""
        do {
            try await body("http://127.0.0.1:\(port)")
        } catch {
            await child.kill()
            throw error
        }
        await child.kill()
    }

    /// The responder looks whether its register has changed before it waits for a request, not when one comes: the first
    /// one after a change is still answered from the old register, so this is that one.
    func wake(_ address: String, about certificate: [UInt8]) async throws {
        let request = try OCSPRequest(
            certificate: try CertificateFacts.read(der: certificate),
            issuer: try CertificateFacts.read(der: try folder.read("ca.der")))
        _ = try await RevocationTransport(timeout: .seconds(10)).post(request.der, to: address)
    }

    /// A revocation list of the register, good for a day, DER.
    func revocationList() async throws -> [UInt8] {
        _ = try await run(
            program, "ca", "-gencrl", "-config", "ca.cnf", "-keyfile", "ca.key", "-cert", "ca.pem", "-out", "list.pem")
        _ = try await run(program, "crl", "-in", "list.pem", "-outform", "DER", "-out", "list.crl")
        return try folder.read("list.crl")
    }

    private func run(_ program: String, _ arguments: String...) async throws -> Finished {
        try await TestBench.run(program, arguments, folder: folder.path).check()
    }
}
