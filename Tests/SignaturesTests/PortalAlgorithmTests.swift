// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Signatures

/// The contract leaves a signer no choice of algorithms: the key decides the digest. A signature that is refused here may be a good
/// signature elsewhere, so the forgiving judgement must go on taking it.
@Suite(.timeLimit(.minutes(1)))
struct PortalAlgorithmTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority.shared.get()
    }

    private func forge(_ key: String, _ change: (inout SignatureForge) -> Void) throws -> [UInt8] {
        var forge = try SignatureForge(authority, key: key)
        change(&forge)
        return try forge.made()
    }

    private func reason(_ cms: [UInt8]) -> SignatureReason? {
        do throws(SignatureReason) {
            _ = try PortalSignature.open(cms)
            return nil
        } catch {
            return error
        }
    }

    private func isValidElsewhere(_ cms: [UInt8], _ key: String) throws -> Bool {
        let time = try authority.facts(key).notBefore
        return CAdESVerifier(trust: TrustStore(certificates: [authority.root.der])).verify(cms, at: time).conclusion
            == .valid
    }

    @Test(arguments: TestAuthority.keys.map(\.name), [DigestAlgorithm.sha256, .sha384, .sha512])
    func aPortalTakesTheOneDigestOfTheKey(_ key: String, _ digest: DigestAlgorithm) throws {
        let cms = try forge(key) { $0.digest = digest }
        let only: DigestAlgorithm = ["p384": .sha384, "p521": .sha512][key] ?? .sha256
        #expect(reason(cms) == (digest == only ? nil : SignatureReason(.algorithmMismatch, "digest-of-key")))
        #expect(try isValidElsewhere(cms, key))
    }

    @Test(arguments: TestAuthority.keys.map(\.name)) func aDraftIsMadeWithTheDigestThatThePortalWants(
        _ key: String
    ) throws {
        let cms = try authority.signature(key, over: [1])
        let only: DigestAlgorithm = ["p384": .sha384, "p521": .sha512][key] ?? .sha256
        #expect(try SignedData(cms, rules: .der).signers[0].digestAlgorithm.digest == only)
        #expect(reason(cms) == nil)
    }

    @Test(arguments: [
        ("rsa2048", "sha256", true), ("p256", "sha256", true), ("p384", "sha384", true), ("p521", "sha512", true),
        ("rsa2048", "sha512", false), ("p256", "sha384", false), ("p521", "sha256", false),
    ])
    func opensslPassesWithTheDigestOfTheKeyAlone(_ key: String, _ digest: String, _ passes: Bool) throws {
        let text = try authority.write(Array("E-ONAY/1\n".utf8), as: "text")
        let cms = try Tool.openssl(
            "cms", "-sign", "-binary", "-cades", "-nodetach", "-outform", "DER", "-in", text, "-signer",
            authority.path("\(key).crt"), "-inkey", authority.path("\(key).key"), "-md", digest)
        #expect(reason(cms)?.fault == (passes ? nil : .algorithmMismatch))
        #expect(try isValidElsewhere(cms, key))
    }

    @Test func aReferenceBySHA1IsWeakForAPortalAlone() throws {
        for (digest, expected) in [(DigestAlgorithm.sha1, SignatureFault.digestWeak), (.sha512, nil)] {
            let cms = try forge("p256") { forge in
                let reference = SignatureForge.references([forge.certificate], digest: digest)
                forge.edit = { $0.prefix(3) + [reference] }
            }
            #expect(reason(cms)?.fault == expected)
            #expect(try isValidElsewhere(cms, "p256"))
        }
    }

    /// RFC 5035, 4: the first reference is the signer's; those after it are his issuers'.
    @Test func theFirstOfSeveralReferencesIsTheSigners() throws {
        let leaf = try authority.facts("p256")
        let signersFirst = SignatureForge.references([leaf, authority.root], digest: .sha256)
        let signersLast = SignatureForge.references([authority.root, leaf], digest: .sha256)
        #expect(try reason(forge("p256") { $0.edit = { $0.prefix(3) + [signersFirst] } }) == nil)
        let last = try forge("p256") { $0.edit = { $0.prefix(3) + [signersLast] } }
        #expect(reason(last)?.fault == .certificateMismatch)
        #expect(try !isValidElsewhere(last, "p256"))
        let none = SignatureForge.references([], digest: .sha256)
        #expect(try reason(forge("p256") { $0.edit = { $0.prefix(3) + [none] } })?.fault == .attributeMalformed)
    }

    /// Of two, one program would read the first and another the last.
    @Test func anUnknownAttributeMayStandThereOnce() throws {
        let unknown = ObjectIdentifier(1, 2, 3, 4)
        let (first, second) = ([UInt8](DERWriter.integer(1)), [UInt8](DERWriter.integer(2)))
        let once = SignatureForge.attribute(unknown, first)
        #expect(try reason(forge("p256") { $0.edit = { $0 + [once] } }) == nil)
        let twice = try forge("p256") { $0.edit = { $0 + [once, SignatureForge.attribute(unknown, second)] } }
        #expect(reason(twice)?.fault == .attributeRepeated)
        #expect(try isValidElsewhere(twice, "p256"))
        let severalValues = SignatureForge.attribute(unknown, first, second)
        #expect(try reason(forge("p256") { $0.edit = { $0 + [severalValues] } }) == nil)
    }

    /// Its parameters are read by nobody and covered by nothing: anybody could write into them on the way.
    @Test func aKeysIdentifierInPlaceOfTheSignaturesIsRefused() throws {
        let loose = DERWriter.sequence(DERWriter.objectIdentifier(.ecPublicKey), DERWriter.octetString([1, 2, 3]))
        let cms = try forge("p256") { $0.signatureAlgorithm = loose }
        #expect(reason(cms) == SignatureReason(.algorithmUnsupported, "signature"))
        #expect(try isValidElsewhere(cms, "p256"))
    }

    @Test func furtherCertificatesAreTakenUpToALimit() throws {
        let root = authority.root.der
        let most = SignedData.maximumCertificates - 1
        #expect(try reason(forge("p256") { $0.furtherCertificates = [root, [0x30, 0]] }) == nil)
        // Empty ones, which no reader takes for certificates.
        #expect(
            try reason(forge("p256") { $0.furtherCertificates = Array(repeating: [0x30, 0], count: most) }) == nil)
        #expect(
            try reason(forge("p256") { $0.furtherCertificates = Array(repeating: [0x30, 0], count: most + 1) })?.fault
                == .tooManyParts)
        #expect(
            try reason(forge("p256") { $0.furtherCertificates = Array(repeating: root, count: 200) })?.fault
                == .tooLarge)
    }
}
