// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import JobFrames
import PortalBench
import SystemBasics
import TestBench
import Testing

@testable import VirtualCard

/// An authority whose certificates name a server of the test's, and the answers that OpenSSL's responder would give there.
struct RevocationBench {
    let server: ScriptedPortal
    let authority: TestAuthority
    let leaf: IssuedCertificate
    private let folder: TemporaryFolder

    init(ocsp: Bool = true, crl: Bool = false, issuer: Bool = true) throws {
        server = try ScriptedPortal()
        folder = try TemporaryFolder()
        let base = "http://127.0.0.1:\(server.port)"
        let now = Int64(Date().timeIntervalSince1970)
        authority = try TestAuthority(
            now: now,
            addresses: AuthorityAddresses(
                ocsp: ocsp ? base + "/ocsp" : nil, crl: crl ? base + "/list.crl" : nil,
                issuer: issuer ? base + "/issuer.crt" : nil))
        leaf = try authority.issue(now: now)
        try folder.write("ca.pem", authority.issuer.pem)
        try folder.write("ca.key", try authority.issuer.key.pem())
        try folder.write("leaf.pem", leaf.pem)
    }

    @discardableResult
    private func openssl(_ arguments: String...) async throws -> String {
        let child = try await ChildProcess.start(
            try Programs.find("openssl", package: "openssl"), arguments, folder: folder.path)
        #expect(await child.end() == .exited(0))
        return String(decoding: child.output, as: UTF8.self)
    }

    /// The line of `openssl ca`'s index that tells of a certificate.
    private func index(revoked: Bool, reason: String = "", of certificate: String) async throws -> String {
        let serial = try await openssl("x509", "-in", certificate, "-noout", "-serial")
            .trimmingCharacters(in: .whitespacesAndNewlines).replacing("serial=", with: "")
        return
            "\(revoked ? "R" : "V")\t400101000000Z\t\(revoked ? "250102030405Z\(reason)" : "")\t\(serial)\tunknown\t/CN=x\n"
    }

    /// Makes "delegate.pem", certified by the issuer for this extended key usage.
    func certifyResponder(usage: String) async throws {
        try folder.write("delegate.cnf", "extendedKeyUsage=\(usage)\nkeyUsage=digitalSignature\n")
        try await openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "delegate.key",
            "-subj", "/CN=Responder", "-out", "delegate.csr")
        try await openssl(
            "x509", "-req", "-in", "delegate.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-sha384",
            "-days", "7", "-extfile", "delegate.cnf", "-out", "delegate.pem")
    }

    /// Makes "stranger.pem", which has certified itself.
    func makeStranger() async throws {
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "stranger.key",
            "-subj", "/CN=Stranger", "-days", "7", "-addext", "extendedKeyUsage=OCSPSigning", "-out", "stranger.pem")
    }

    /// The octets of the responder's answer; `revoked` is nil for one that does not know the certificate.
    ///
    /// - Parameters:
    ///   - signer: the name of the files with the key and the certificate that sign.
    ///   - isOfAnother: it is about another certificate of the issuer's.
    ///   - hasNonce: it repeats the nonce of a question that nobody here has asked.
    func octets(
        revoked: Bool?, reason: String = "", signer: String = "ca", isOfAnother: Bool = false, hasNonce: Bool = false
    ) async throws -> [UInt8] {
        let certificate = isOfAnother ? "other.pem" : "leaf.pem"
        if isOfAnother { try folder.write(certificate, try authority.issue(now: Self.now).pem) }
        var index = ""
        if let revoked { index = try await self.index(revoked: revoked, reason: reason, of: certificate) }
        try folder.write("index.txt", index)
        try await openssl(
            "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "\(signer).pem", "-rkey", "\(signer).key",
            "-issuer", "ca.pem", "-cert", certificate, hasNonce ? "-nonce" : "-no_nonce", "-ndays", "1", "-rmd",
            "sha384",
            "-noverify", "-respout", "out.der")
        return Array(try folder.read("out.der"))
    }

    /// The step of a server that answers so.
    func response(revoked: Bool?, reason: String = "", signer: String = "ca") async throws -> String {
        Self.step(try await octets(revoked: revoked, reason: reason, signer: signer))
    }

    static func step(_ octets: [UInt8]) -> String { Step.octets(octets, type: "application/ocsp-response") }

    /// The issuer's list.
    func list(revoked: Bool, reason: String = "") async throws -> String {
        try folder.write("index.txt", try await index(revoked: revoked, reason: reason, of: "leaf.pem"))
        try folder.write(
            "ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha384\ndefault_crl_days=1\n")
        try await openssl(
            "ca", "-gencrl", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-out", "list.pem")
        try await openssl("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
        return Step.octets(try folder.read("list.der"), type: "application/pkix-crl")
    }

    func request(issuer: [UInt8]?, takesLists: Bool = false, timeout: UInt32 = 5000) -> CourierRequest {
        .revocation(certificate: leaf.certificate, issuer: issuer, takesLists: takesLists, timeout: timeout)
    }

    /// Asks by a courier of its own.
    func ask(issuer: [UInt8]? = nil, takesLists: Bool = true, timeout: UInt32 = 5000) async throws -> RevocationAnswer {
        let reply = try await CourierProcess().ask(request(issuer: issuer, takesLists: takesLists, timeout: timeout))
        guard case .revocation(let answer)? = reply else {
            throw CourierProcess.Failure(call: "\(String(describing: reply))")
        }
        return answer
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    // MARK: - Another time

    /// The same answer, as the issuer would have signed it so many seconds ago. OpenSSL's responder signs for now alone.
    func aged(_ response: [UInt8], by seconds: Int64) throws -> [UInt8] {
        func content(_ octets: [UInt8], _ place: Int = 0) throws -> [UInt8] {
            var reader = TagReader(octets)
            var element = reader.next()
            for _ in 0..<place { element = reader.next() }
            return try #require(element).content
        }
        // OCSPResponse { status, [0] { SEQUENCE { OID, OCTET STRING { BasicOCSPResponse } } } } (RFC 6960, 4.2.1)
        let bytes = try content(content(content(response), 1))
        let basic = try content(content(bytes, 1))
        let data = DER.sequence(try Self.shifted(content(basic), by: -seconds))
        // ecdsa-with-SHA384, by the issuer's key.
        let algorithm = DER.sequence(DER.identifier("1.2.840.10045.4.3.3"))
        let signed = DER.sequence(data, algorithm, DER.bits(try authority.issuer.key.sign(data)))
        let shell = DER.sequence(DER.identifier("1.3.6.1.5.5.7.48.1.1"), DER.octets(signed))
        return DER.sequence(DER.enumerated(0), DER.element(0xA0, shell))
    }

    /// With each GeneralizedTime moved; all have the same length.
    private static func shifted(_ data: [UInt8], by seconds: Int64) throws -> [UInt8] {
        var data = data
        for start in data.indices.dropLast(16) where data[start] == 0x18 && data[start + 1] == 15 {
            let digits = data[(start + 2)..<(start + 16)].map { Int($0) - 0x30 }
            guard digits.allSatisfy((0...9).contains), data[start + 16] == UInt8(ascii: "Z") else { continue }
            let number = { (range: Range<Int>) in digits[range].reduce(0) { $0 * 10 + $1 } }
            let time = CivilTime(
                year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
                minute: number(10..<12), second: number(12..<14))
            let moved = CivilTime(utc: try #require(time.secondsUTC) + seconds)
            data.replaceSubrange(
                (start + 2)..<(start + 16), with: (moved.date + moved.clock).utf8.filter { (0x30...0x39).contains($0) })
        }
        return data
    }
}
