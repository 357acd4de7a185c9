// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

@testable import Signatures

/// Builds revocation lists with any one thing wrong, each otherwise signed as it should be.
struct RevocationListForge {
    let authority: TestAuthority
    /// The files of the signer, whose key is on a curve.
    var issuer = "root"
    var thisUpdate: Int64 = 1_800_000_000
    var nextUpdate: Int64? = 1_800_604_800
    /// The parts of an IssuingDistributionPoint (RFC 5280, 5.2.5); nil for a list without one.
    var scope: [UInt8]?
    /// How often the extension with the scope is there.
    var copies = 1

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
    static func directoryName(_ commonName: String) -> [UInt8] {
        let pair = DERWriter.sequence(
            DERWriter.objectIdentifier(.commonName), DERWriter.element(DERTag.utf8String, Array(commonName.utf8)))
        return DERWriter.element(DERTag.contextConstructed(4), DERWriter.sequence(DERWriter.setOf([pair])))
    }

    func made() throws -> [UInt8] {
        let algorithm = AlgorithmIdentifier.encoded(SignatureAlgorithm.identifier(.ecdsa, .sha256)!)
        let extensions = scope.map { scope in
            let point = DERWriter.sequence(
                DERWriter.objectIdentifier(.issuingDistributionPoint), [0x01, 0x01, 0xFF],
                DERWriter.octetString(DERWriter.sequence(scope)))
            let points = Array(repeating: point, count: copies).flatMap(\.self)
            return DERWriter.element(DERTag.contextConstructed(0), DERWriter.element(DERTag.sequence, points))
        }
        let list = try DERWriter.sequence(
            DERWriter.integer(1), algorithm, authority.facts(issuer).subject.der, DERTime.encoded(thisUpdate),
            nextUpdate.map(DERTime.encoded) ?? [], extensions ?? [])
        let path = try authority.write(list, as: "list.tbs")
        let value = try Tool.openssl("dgst", "-sha256", "-sign", authority.path("\(issuer).key"), path)
        return DERWriter.sequence(list, algorithm, DERWriter.element(DERTag.bitString, [0] + value))
    }
}
