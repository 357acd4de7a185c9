// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// A certificate of the bench with the private key that belongs to it.
public struct IssuedCertificate: Sendable {
    /// DER.
    public let certificate: [UInt8]
    public let key: SigningKey

    /// The certificate as PEM.
    public var pem: String { PEM.encode(certificate, label: "CERTIFICATE") }
}

extension IssuedCertificate {
    /// Reads a certificate, DER or PEM, and its key.
    ///
    /// Throws `SystemError` where a file cannot be read and `CryptoError` where the second is no key.
    public init(certificate: String, key: String) throws {
        self.init(certificate: try Self.readCertificate(certificate), key: try SigningKey(try Files.read(key)))
    }

    /// The contents of a certificate's file: a PEM block's content, or the bytes as they are.
    public static func readCertificate(_ path: String) throws -> [UInt8] {
        let bytes = try Files.read(path)
        return PEM.decode(bytes, label: "CERTIFICATE") ?? bytes
    }

    /// Writes NAME.pem, NAME.der and NAME.key (PKCS#8 PEM, no password). Throws `SystemError` and `CryptoError`.
    public func write(_ name: String, to folder: String) throws {
        try Files.makeFolder(folder)
        try Files.write(Array(pem.utf8), to: "\(folder)/\(name).pem")
        try Files.write(certificate, to: "\(folder)/\(name).der")
        try Files.write(Array(try key.pem().utf8), to: "\(folder)/\(name).key", mode: 0o600)
    }
}

extension TestAuthority {
    /// Writes root.* and issuer.* (.pem, .der, .key) and chain.pem, the issuer before the root.
    public func write(to folder: String) throws {
        try root.write("root", to: folder)
        try issuer.write("issuer", to: folder)
        try Files.write(Array((issuer.pem + root.pem).utf8), to: "\(folder)/chain.pem")
    }

    /// Reads what `write(to:)` wrote. Throws `SystemError` and `CryptoError`.
    public init(folder: String, addresses: AuthorityAddresses = AuthorityAddresses()) throws {
        self.init(
            root: try IssuedCertificate(certificate: "\(folder)/root.der", key: "\(folder)/root.key"),
            issuer: try IssuedCertificate(certificate: "\(folder)/issuer.der", key: "\(folder)/issuer.key"),
            addresses: addresses)
    }
}

/// Textual encoding of certificates (RFC 7468).
public enum PEM {
    /// The bytes in Base64, 64 characters a line, between the two markers.
    public static func encode(_ bytes: [UInt8], label: String) -> String {
        let text = Array(Base64.encode(bytes).utf8)
        let lines = stride(from: 0, to: text.count, by: 64).map {
            String(decoding: text[$0..<min($0 + 64, text.count)], as: UTF8.self)
        }
        return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----", ""]).joined(separator: "\n")
    }

    /// The first block with this label; nil where there is none or it is not Base64.
    public static func decode(_ text: [UInt8], label: String) -> [UInt8]? {
        let lines = text.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            .map { $0.hasSuffix("\r") ? String($0.dropLast()) : $0 }
        guard let start = lines.firstIndex(of: "-----BEGIN \(label)-----"),
            let end = lines[start...].firstIndex(of: "-----END \(label)-----")
        else { return nil }
        return Base64.decode(Array(lines[(start + 1)..<end].joined().utf8), allowingUnusedBits: true)
    }
}
