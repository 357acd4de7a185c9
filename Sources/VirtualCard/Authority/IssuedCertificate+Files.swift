// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

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
