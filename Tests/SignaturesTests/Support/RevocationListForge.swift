// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

@testable import Signatures

/// Builds revocation lists with any one thing wrong, each otherwise signed as it should be.
struct RevocationListForge {
    /// One line of a list.
    struct Entry {
        let serial: [UInt8]
        var since: Int64 = 1_700_000_000
        var reason: UInt8?
        /// The encoding of a name, for certificateIssuer (RFC 5280, 5.3.3).
        var certificateIssuer: [UInt8]?
    }

    let authority: TestAuthority
    /// The files of the signer.
    var issuer = "root"
    var thisUpdate: Int64 = 1_800_000_000
    var nextUpdate: Int64? = 1_800_604_800
    var entries: [Entry] = []
    /// The parts of an IssuingDistributionPoint (RFC 5280, 5.2.5); nil for a list without one.
    var scope: [UInt8]?
    /// The number of times that the extension with the scope is there.
    var copies = 1
    /// The list tells changes since another one.
    var isDelta = false
    /// The issuer's name in another spelling.
    var issuerName: [UInt8]?
    /// The algorithm as the list names it inside and outside, encoded; ecdsa-with-SHA256 where nil.
    var algorithms: (inner: [UInt8], outer: [UInt8])?
    /// Further words for `openssl dgst`.
    var options: [String] = []

    init(_ authority: TestAuthority) {
        self.authority = authority
    }

    /// The `[0]` part of a scope: a distribution point with these GeneralNames.
    static func point(_ names: [UInt8]...) -> [UInt8] {
        let fullName = DERWriter.element(DERTag.contextConstructed(0), names.flatMap(\.self))
        return DERWriter.element(DERTag.contextConstructed(0), fullName)
    }

    /// A GeneralName that is an address.
    static func address(_ text: String) -> [UInt8] {
        DERWriter.element(DERTag.context(6), Array(text.utf8))
    }

    /// A GeneralName that is a directory name of one common name.
    static func directoryName(_ commonName: String, tag: UInt8 = DERTag.utf8String) -> [UInt8] {
        let pair = DERWriter.sequence(
            DERWriter.objectIdentifier(.commonName), DERWriter.element(tag, Array(commonName.utf8)))
        return DERWriter.element(DERTag.contextConstructed(4), DERWriter.sequence(DERWriter.setOf([pair])))
    }

    private static func extensionField(_ identifier: ObjectIdentifier, critical: Bool, _ value: [UInt8]) -> [UInt8] {
        DERWriter.sequence(
            DERWriter.objectIdentifier(identifier), critical ? [0x01, 0x01, 0xFF] : [], DERWriter.octetString(value))
    }

    private static func encoded(_ entry: Entry) -> [UInt8] {
        var extensions: [UInt8] = []
        if let reason = entry.reason {
            extensions += extensionField(.reasonCode, critical: false, [DERTag.enumerated, 1, reason])
        }
        if let name = entry.certificateIssuer {
            let names = DERWriter.sequence(DERWriter.element(DERTag.contextConstructed(4), name))
            extensions += extensionField(.certificateIssuer, critical: true, names)
        }
        return DERWriter.sequence(
            DERWriter.element(DERTag.integer, entry.serial), DERTime.encoded(entry.since),
            extensions.isEmpty ? [] : DERWriter.element(DERTag.sequence, extensions))
    }

    func made() throws -> [UInt8] {
        let usual = AlgorithmIdentifier.encoded(SignatureAlgorithm.identifier(.ecdsa, .sha256)!)
        let algorithms = algorithms ?? (usual, usual)
        var extensions: [UInt8] = []
        if let scope {
            let point = Self.extensionField(.issuingDistributionPoint, critical: true, DERWriter.sequence(scope))
            extensions += Array(repeating: point, count: copies).flatMap(\.self)
        }
        if isDelta { extensions += Self.extensionField(.deltaCRLIndicator, critical: true, DERWriter.integer(1)) }
        let list = try DERWriter.sequence(
            DERWriter.integer(1), algorithms.inner, issuerName ?? authority.facts(issuer).subject.der,
            DERTime.encoded(thisUpdate), nextUpdate.map(DERTime.encoded) ?? [],
            entries.isEmpty ? [] : DERWriter.element(DERTag.sequence, entries.flatMap(Self.encoded)),
            extensions.isEmpty
                ? []
                : DERWriter.element(
                    DERTag.contextConstructed(0), DERWriter.element(DERTag.sequence, extensions)))
        let path = try authority.write(list, as: "list.tbs")
        let value = try Tool.run(
            "/usr/bin/openssl", debianPackage: "openssl",
            ["dgst", "-sha256", "-sign", authority.path("\(issuer).key")] + options + [path])
        return DERWriter.sequence(list, algorithms.outer, DERWriter.element(DERTag.bitString, [0] + value))
    }
}

extension ObjectIdentifier {
    // Attributes of names (X.520)
    static let commonName = ObjectIdentifier(2, 5, 4, 3)
    static let surname = ObjectIdentifier(2, 5, 4, 4)
}
