// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// An OBJECT IDENTIFIER, compared by its encoding.
struct ObjectIdentifier: Hashable, Sendable {
    /// The content octets (X.690, 8.19).
    let content: [UInt8]

    /// Reads content octets; throws where an arc is cut off or begins with a padding octet.
    init(content: ArraySlice<UInt8>) throws(DERError) {
        guard let last = content.last, last & 0x80 == 0, content.count <= 64 else { throw DERError(.badValue) }
        var startsArc = true
        for octet in content {
            if startsArc && octet == 0x80 { throw DERError(.badValue) }
            startsArc = octet & 0x80 == 0
        }
        self.content = Array(content)
    }

    /// From arcs written in the source, such as `[1, 2, 840, 113549, 1, 7, 2]`.
    init(_ arcs: UInt64...) {
        precondition(arcs.count >= 2, "an object identifier has two arcs at least")
        var octets: [UInt8] = []
        for arc in [arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2) {
            var groups: [UInt8] = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                groups.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            octets += groups.reversed()
        }
        content = octets
    }
}

extension ObjectIdentifier: CustomStringConvertible {
    /// Dotted decimal; an arc beyond 64 bits (as under 2.25) is written in hexadecimal after "0x".
    var description: String {
        var texts: [String] = []
        var arc: UInt64 = 0
        var octets: [UInt8] = []
        for octet in content {
            octets.append(octet)
            arc = arc << 7 | UInt64(octet & 0x7F)
            guard octet & 0x80 == 0 else { continue }
            if octets.count > 9 {
                texts.append("0x" + Hexadecimal.text(octets))
            } else if texts.isEmpty {
                let root = min(arc / 40, 2)
                texts += ["\(root)", "\(arc - root * 40)"]
            } else {
                texts.append("\(arc)")
            }
            arc = 0
            octets = []
        }
        return texts.joined(separator: ".")
    }
}

/// The object identifiers this library knows, by the name of what they mean.
extension ObjectIdentifier {
    // Certificate and CRL extensions (RFC 5280)
    static let subjectKeyIdentifier = ObjectIdentifier(2, 5, 29, 14)
    static let keyUsage = ObjectIdentifier(2, 5, 29, 15)
    static let subjectAlternativeName = ObjectIdentifier(2, 5, 29, 17)
    static let basicConstraints = ObjectIdentifier(2, 5, 29, 19)
    static let crlNumber = ObjectIdentifier(2, 5, 29, 20)
    static let reasonCode = ObjectIdentifier(2, 5, 29, 21)
    static let deltaCRLIndicator = ObjectIdentifier(2, 5, 29, 27)
    static let issuingDistributionPoint = ObjectIdentifier(2, 5, 29, 28)
    static let certificateIssuer = ObjectIdentifier(2, 5, 29, 29)
    static let nameConstraints = ObjectIdentifier(2, 5, 29, 30)
    static let crlDistributionPoints = ObjectIdentifier(2, 5, 29, 31)
    static let certificatePolicies = ObjectIdentifier(2, 5, 29, 32)
    static let policyMappings = ObjectIdentifier(2, 5, 29, 33)
    static let authorityKeyIdentifier = ObjectIdentifier(2, 5, 29, 35)
    static let policyConstraints = ObjectIdentifier(2, 5, 29, 36)
    static let extendedKeyUsage = ObjectIdentifier(2, 5, 29, 37)
    static let inhibitAnyPolicy = ObjectIdentifier(2, 5, 29, 54)
    static let authorityInformationAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 1, 1)
    static let qcStatements = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 1, 3)
    static let policyCPS = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 2, 1)
    static let policyUserNotice = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 2, 2)
    static let ocspAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1)
    static let issuerAccess = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 2)
    static let ocspSigning = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 9)

    // QC statements (RFC 3739, ETSI EN 319 412-5) and those of Turkey's BTK under law 5070
    static let qcSyntax = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 11)
    static let etsiQc = ObjectIdentifier(0, 4, 0, 1862, 1)
    static let qcCompliance = ObjectIdentifier(0, 4, 0, 1862, 1, 1)
    static let qcLimitValue = ObjectIdentifier(0, 4, 0, 1862, 1, 2)
    static let qcType = ObjectIdentifier(0, 4, 0, 1862, 1, 6)
    static let qcTypeSignature = ObjectIdentifier(0, 4, 0, 1862, 1, 6, 1)
    static let qcTypeSeal = ObjectIdentifier(0, 4, 0, 1862, 1, 6, 2)
    static let nesStatement = ObjectIdentifier(2, 16, 792, 1, 61, 0, 1, 5070, 1, 1)
    static let nesSealRestriction = ObjectIdentifier(2, 16, 792, 1, 61, 0, 1, 5070, 1, 3)
    static let nesStatement2 = ObjectIdentifier(2, 16, 792, 1, 61, 0, 1, 5070, 2, 1)
    static let nesSealRestriction2 = ObjectIdentifier(2, 16, 792, 1, 61, 0, 1, 5070, 2, 2)
    static let turkey = ObjectIdentifier(2, 16, 792)
    static let nesPolicy = ObjectIdentifier(2, 16, 792, 1, 2, 1, 1, 5, 7, 1, 1)
    static let sealPolicy = ObjectIdentifier(2, 16, 792, 1, 2, 1, 1, 5, 7, 1, 10)
    /// Of both certificates on a company's card: the one that seals and the one that deciphers.
    static let companySealPolicy = ObjectIdentifier(2, 16, 792, 1, 2, 1, 1, 5, 7, 4, 1)
    static let companySealUsage = ObjectIdentifier(2, 16, 792, 1, 2, 1, 1, 5, 7, 50, 1)
    static let companySealDecipherment = ObjectIdentifier(2, 16, 792, 1, 2, 1, 1, 5, 7, 50, 2)
    static let clientAuthentication = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2)
    static let smartCardLogon = ObjectIdentifier(1, 3, 6, 1, 4, 1, 311, 20, 2, 2)
    static let testPolicy = ObjectIdentifier(2, 16, 792, 1, 2, 1, 1, 5, 7, 1, 4, 1)

    // Keys and algorithms
    static let rsaEncryption = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 1)
    static let mgf1 = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 8)
    static let rsaPSS = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 10)
    static let ecPublicKey = ObjectIdentifier(1, 2, 840, 10045, 2, 1)
    static let p256 = ObjectIdentifier(1, 2, 840, 10045, 3, 1, 7)
    static let p384 = ObjectIdentifier(1, 3, 132, 0, 34)
    static let p521 = ObjectIdentifier(1, 3, 132, 0, 35)

    // CMS (RFC 5652), its attributes (RFC 5035, RFC 6211, ETSI EN 319 122-1)
    static let data = ObjectIdentifier(1, 2, 840, 113549, 1, 7, 1)
    static let signedData = ObjectIdentifier(1, 2, 840, 113549, 1, 7, 2)
    static let contentType = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 3)
    static let messageDigest = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 4)
    static let signingTime = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 5)
    static let algorithmProtection = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 52)
    static let signingCertificate = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 12)
    static let signingCertificateV2 = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 47)

    static let counterSignature = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 6)
    static let signatureTimeStamp = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 14)
    static let revocationValues = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 24)
    /// Over signature, references and everything: ETSI TS 101 733, 6.1.1, 6.3.5, 6.3.6, 6.4.1; EN 319 122-1, 5.5.3.
    static let timeStamps = [
        signatureTimeStamp, ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 25),
        ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 26), ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 27),
        ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 2, 48), ObjectIdentifier(0, 4, 0, 1733, 2, 4),
    ]

    // OCSP (RFC 6960), and its answers inside CMS (RFC 5940)
    static let ocspRevocationInfo = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 16, 2)
    static let ocspBasic = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 1)
    static let ocspNonce = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 2)
    static let ocspNoCheck = ObjectIdentifier(1, 3, 6, 1, 5, 5, 7, 48, 1, 5)
}
