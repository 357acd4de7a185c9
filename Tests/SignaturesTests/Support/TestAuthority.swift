// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation

@testable import Signatures

/// A certification authority made by the openssl program in a folder of its own.
final class TestAuthority: Sendable {
    /// One root with one leaf per kind of key; made once, because RSA keys take their time.
    static let shared = Result {
        // Nobody gives a global back: its folder goes when the tests' process does.
        atexit { try? FileManager.default.removeItem(at: TestAuthority.folder) }
        return try TestAuthority(folder: TestAuthority.folder)
    }

    private static let folder = FileManager.default.temporaryDirectory.appending(
        path: "eonay-authority-\(UUID().uuidString)")

    let folder: URL
    let root: CertificateFacts

    /// The kinds of leaf keys, by the names of their files.
    static let keys: [(name: String, type: KeyType)] = [
        ("rsa2048", .rsa2048), ("rsa3072", .rsa3072), ("rsa4096", .rsa4096), ("p256", .ecP256), ("p384", .ecP384),
        ("p521", .ecP521),
    ]

    /// Sections of extensions as a Turkish CA writes them (reference: Kamu SM's test certificates), and wrong ones.
    private static let configuration = """
        [req]
        distinguished_name = dn
        string_mask = utf8only
        [dn]
        [root]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        [sub]
        basicConstraints = critical, CA:TRUE, pathlen:0
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid
        [bare]
        keyUsage = critical, keyCertSign
        subjectKeyIdentifier = hash
        [nes]
        basicConstraints = CA:FALSE
        keyUsage = critical, digitalSignature, nonRepudiation
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid
        certificatePolicies = ASN1:SEQUENCE:policies
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        authorityInfoAccess = OCSP;URI:http://127.0.0.1:1/ocsp, caIssuers;URI:http://127.0.0.1:1/ca.crt
        crlDistributionPoints = URI:http://127.0.0.1:1/ca.crl
        [noPolicy]
        keyUsage = critical, digitalSignature, nonRepudiation
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        [noNotice]
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = 2.16.792.1.2.1.1.5.7.1.1
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        [emptyNotice]
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = 2.16.792.1.2.1.1.5.7.1.1, @emptyPolicy
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        [emptyPolicy]
        policyIdentifier = 1.2.3.4
        CPS.1 = "http://depo.example.org/ilke"
        userNotice.1 = @emptyText
        [emptyText]
        explicitText = UTF8:
        [blankNotice]
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = @blankPolicy
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        [blankPolicy]
        policyIdentifier = 1.2.3.4
        userNotice.1 = @blankText
        [blankText]
        explicitText = "UTF8: 	 "
        [referenceOnly]
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = @referencePolicy
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        [referencePolicy]
        policyIdentifier = 1.2.3.4
        userNotice.1 = @reference
        [reference]
        organization = "UTF8:Kurum"
        noticeNumbers = 1
        [secondNotice]
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = 2.16.792.1.2.1.1.5.7.1.1, @secondPolicy
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
        [secondPolicy]
        policyIdentifier = 1.2.3.4
        userNotice.1 = @secondText
        [secondText]
        explicitText = "VISIBLE:Nitelikli elektronik sertifika"
        [limited]
        basicConstraints = CA:FALSE
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = ASN1:SEQUENCE:policies
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:limitedStatements
        [seal]
        basicConstraints = CA:FALSE
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = ASN1:SEQUENCE:policies
        1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:sealStatements
        [plain]
        basicConstraints = CA:FALSE
        keyUsage = critical, digitalSignature
        certificatePolicies = ASN1:SEQUENCE:policies
        [critical]
        basicConstraints = CA:FALSE
        keyUsage = critical, digitalSignature, nonRepudiation
        certificatePolicies = ASN1:SEQUENCE:policies
        1.2.3.4.5 = critical, ASN1:NULL
        [silent]
        basicConstraints = critical, CA:TRUE
        subjectKeyIdentifier = hash
        [partition]
        crlDistributionPoints = partitionPoint
        [partitionPoint]
        fullname = dirName:partitionName
        [partitionName]
        CN = Partition 1
        [reasoned]
        crlDistributionPoints = reasonedPoint
        [reasonedPoint]
        fullname = URI:http://127.0.0.1:1/ca.crl
        reasons = keyCompromise
        [handedOver]
        crlDistributionPoints = handedOverPoint
        [handedOverPoint]
        fullname = URI:http://127.0.0.1:1/ca.crl
        CRLissuer = dirName:partitionName
        [mute]
        keyUsage = critical, keyAgreement
        extendedKeyUsage = OCSPSigning
        [responder]
        basicConstraints = CA:FALSE
        keyUsage = critical, digitalSignature
        extendedKeyUsage = OCSPSigning
        noCheck = ignored
        [policies]
        one = SEQUENCE:policy
        [policy]
        identifier = OID:2.16.792.1.2.1.1.5.7.1.1
        qualifiers = SEQUENCE:qualifiers
        [qualifiers]
        one = SEQUENCE:practice
        two = SEQUENCE:notice
        [practice]
        identifier = OID:1.3.6.1.5.5.7.2.1
        address = IA5:http://depo.example.org/ilke
        [notice]
        identifier = OID:1.3.6.1.5.5.7.2.2
        notice = SEQUENCE:explicit
        [explicit]
        text = FORMAT:UTF8,BMP:Bu sertifika, 5070 sayılı Elektronik İmza Kanununa göre nitelikli elektronik sertifikadır.
        [statements]
        one = SEQUENCE:compliance
        two = SEQUENCE:national
        [compliance]
        identifier = OID:0.4.0.1862.1.1
        [national]
        identifier = OID:2.16.792.1.61.0.1.5070.1.1
        text = FORMAT:UTF8,UTF8:Bu sertifika, 5070 sayılı Elektronik İmza Kanununa göre nitelikli elektronik sertifikadır.
        [limitedStatements]
        one = SEQUENCE:compliance
        two = SEQUENCE:national
        three = SEQUENCE:foreign
        [foreign]
        identifier = OID:2.16.792.1.2.1.1.5.7.2.9999
        text = FORMAT:UTF8,UTF8:Yalnızca kurum içi yazışmalarda kullanılabilir.
        [sealStatements]
        one = SEQUENCE:compliance
        two = SEQUENCE:sealed
        three = SEQUENCE:forbidden
        [sealed]
        identifier = OID:2.16.792.1.61.0.1.5070.2.1
        [forbidden]
        identifier = OID:2.16.792.1.61.0.1.5070.2.2
        """

    private init(folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.configuration.write(to: folder.appending(path: "openssl.cnf"), atomically: true, encoding: .utf8)
        try Self.makeKey("root", "p384", in: folder)
        root = try Self.selfSigned("root", subject: "/C=TR/O=E-Onay/CN=Deneme Kök Sağlayıcısı", in: folder)
        for key in Self.keys {
            try Self.makeKey(key.name, key.name, in: folder)
            try issue(key.name, key: key.name)
        }
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func facts(_ name: String) throws -> CertificateFacts {
        try CertificateFacts.readAll(Array(Data(contentsOf: folder.appending(path: "\(name).crt"))))[0]
    }

    /// Makes a P-256 key that spells its curve out instead of naming it.
    func makeExplicitKey(_ name: String) throws {
        try Tool.openssl(
            "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit",
            "-out", path("\(name).key"))
    }

    /// Makes a key of a kind: "rsaNNNN" or "pNNN".
    func makeKey(_ name: String, _ kind: String) throws {
        try Self.makeKey(name, kind, in: folder)
    }

    private static func makeKey(_ name: String, _ kind: String, in folder: URL) throws {
        let path = folder.appending(path: "\(name).key").path
        if kind.hasPrefix("rsa") {
            try Tool.openssl(
                "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:\(kind.dropFirst(3))", "-out", path)
        } else {
            try Tool.openssl(
                "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-\(kind.dropFirst())", "-out", path)
        }
    }

    /// A certificate that a key signs for itself.
    @discardableResult
    static func selfSigned(
        _ name: String, subject: String, extensions: String = "root", in folder: URL
    ) throws -> CertificateFacts {
        let path = folder.appending(path: name).path
        try Tool.openssl(
            "req", "-new", "-x509", "-utf8", "-config", folder.appending(path: "openssl.cnf").path, "-key",
            "\(path).key", "-subj", subject, "-extensions", extensions, "-days", "3650", "-out", "\(path).crt")
        return try CertificateFacts.readAll(Array(Data(contentsOf: URL(filePath: "\(path).crt"))))[0]
    }

    /// Issues a certificate over a key that was made before.
    @discardableResult
    func issue(
        _ name: String, key: String, subject: String = "/C=TR/serialNumber=10000000146/CN=ŞÜKRÜ ĞIİ Çalışkanöz",
        extensions: String = "nes", by issuer: String = "root", digest: String = "sha256", days: Int = 1_095,
        config: String? = nil
    ) throws -> CertificateFacts {
        let config = config ?? path("openssl.cnf")
        try Tool.openssl(
            "req", "-new", "-utf8", "-config", config, "-key", path("\(key).key"), "-subj", subject, "-out",
            path("\(name).csr"))
        let serial = "0x" + (0..<8).map { _ in String(UInt8.random(in: 16...99), radix: 16) }.joined()
        try Tool.openssl(
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(issuer).crt"), "-CAkey", path("\(issuer).key"),
            "-set_serial", serial, "-\(digest)", "-days", "\(days)", "-extfile", config, "-extensions", extensions,
            "-out", path("\(name).crt"))
        return try facts(name)
    }

    /// Issues a certificate with a QcLimitValue of this currency, amount and exponent.
    func issue(limit: (currency: String, amount: String, exponent: String)) throws -> CertificateFacts {
        let base = try String(contentsOf: folder.appending(path: "openssl.cnf"), encoding: .utf8)
        let more = """

            [worth]
            keyUsage = critical, digitalSignature, nonRepudiation
            certificatePolicies = ASN1:SEQUENCE:policies
            1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:worthStatements
            [worthStatements]
            one = SEQUENCE:compliance
            two = SEQUENCE:national
            three = SEQUENCE:worthStatement
            [worthStatement]
            identifier = OID:0.4.0.1862.1.2
            value = SEQUENCE:worthValue
            [worthValue]
            currency = \(limit.currency)
            amount = INTEGER:\(limit.amount)
            exponent = INTEGER:\(limit.exponent)
            """
        let config = try write(Array((base + more).utf8), as: "worth.cnf")
        return try issue("worth", key: "p256", extensions: "worth", config: config)
    }

    /// Plays the token: signs what a draft gives with a key's file, as PKCS#11 would answer.
    func sign(_ input: SignatureInput, key: String) throws -> [UInt8] {
        switch input {
        case .rsaPKCS1(let digestInfo):
            return try Tool.openssl(
                "pkeyutl", "-sign", "-inkey", path("\(key).key"), "-pkeyopt", "rsa_padding_mode:pkcs1",
                input: digestInfo)
        case .ecdsa(let digest):
            let der = try Tool.openssl("pkeyutl", "-sign", "-inkey", path("\(key).key"), input: digest)
            let length = [32: 32, 48: 48, 64: 66][digest.count] ?? 0
            guard let value = ECDSAValue(der: der[...], length: length) else {
                throw Tool.Failure(description: "openssl pkeyutl gave no ECDSA value")
            }
            return [value.r, value.s].flatMap { Array(repeating: 0, count: length - $0.count) + $0 }
        }
    }

    /// A finished signature of ours with one of the leaf keys.
    func signature(_ key: String, over content: [UInt8], at time: Int64 = 1_800_000_000) throws -> [UInt8] {
        let draft = try SignatureDraft(content: content, certificate: facts(key), signingTime: time)
        return try draft.finish(rawSignature: sign(draft.input, key: key))
    }

    /// Writes bytes into the folder and gives the path.
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let url = folder.appending(path: "\(UUID().uuidString)-\(name)")
        try Data(bytes).write(to: url)
        return url.path
    }
}
