// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A SoftHSM token of its own, with certificates of made-up people whose keys it holds.
///
/// Made with openssl, softhsm2-util and pkcs11-tool: a self-signed certificate with the subject of an NES.
public final class SoftHSM: Sendable {
    public enum Key: String, Sendable, CaseIterable {
        case rsa = "RSA"
        case p256 = "P-256"
        case p384 = "P-384"
    }

    /// One certificate on the token.
    public struct Entry: Sendable {
        public let key: Key
        public let der: [UInt8]
        /// PEM file of the same certificate, for openssl.
        public let pem: String
    }

    public static let module = "/usr/lib/softhsm/libsofthsm2.so"
    public static let pin = "648219"
    /// Its SO PIN, which is what a card's PUK is in PKCS#11.
    public static let puk = "12345678"
    public static let identity = "10000000146"
    public static let holder = "AYŞE IŞIK ÇAĞLAYAN"

    /// The file for SOFTHSM2_CONF.
    public let configuration: String
    public let entries: [Entry]
    private let scratch: Scratch

    /// - Parameters:
    ///   - keys: one certificate for each.
    ///   - withIdentifiers: CKA_ID on certificate and key; without, the key must be found by its public half.
    public init(keys: [Key] = Key.allCases, withIdentifiers: Bool = true) throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path + "/tokens", withIntermediateDirectories: true)
        let configuration = try scratch.write(
            "softhsm2.conf",
            "directories.tokendir = \(scratch.path)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        let environment = ["SOFTHSM2_CONF": configuration]
        try Tool("softhsm2-util", package: "softhsm2").run(
            ["--init-token", "--free", "--label", "bench", "--so-pin", Self.puk, "--pin", Self.pin],
            environment: environment)
        var entries: [Entry] = []
        for (index, key) in keys.enumerated() {
            let base = scratch.path + "/\(index)"
            let openssl = try Tool("openssl", package: "openssl")
            let algorithm =
                key == .rsa
                ? ["-newkey", "rsa:2048"] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:" + key.rawValue]
            try openssl.run(
                [
                    "req", "-x509", "-nodes", "-days", "30", "-utf8", "-keyout", base + ".key", "-out", base + ".pem",
                    "-subj", "/C=TR/serialNumber=\(Self.identity)/CN=\(Self.holder)",
                    "-addext", "basicConstraints=critical,CA:FALSE",
                    "-addext", "keyUsage=critical,digitalSignature,nonRepudiation",
                ] + algorithm)
            let der = try openssl.run(["x509", "-in", base + ".pem", "-outform", "DER"])
            try Data(der).write(to: URL(fileURLWithPath: base + ".der"))
            let exported =
                key == .rsa
                ? ["rsa", "-in", base + ".key", "-outform", "DER", "-out", base + ".key.der"]
                : ["ec", "-in", base + ".key", "-outform", "DER", "-out", base + ".key.der"]
            try openssl.run(exported)
            let id = withIdentifiers ? ["--id", "4\(index)"] : []
            let tool = try Tool("pkcs11-tool", package: "opensc")
            for (type, file) in [("cert", base + ".der"), ("privkey", base + ".key.der")] {
                try tool.run(
                    ["--module", Self.module, "--login", "--pin", Self.pin, "--write-object", file, "--type", type]
                        + id,
                    environment: environment)
            }
            entries.append(Entry(key: key, der: der, pem: base + ".pem"))
        }
        self.scratch = scratch
        self.configuration = configuration
        self.entries = entries
    }
}
