// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The two numbers of an ECDSA signature, of which a token gives the raw octets and CMS wants DER (RFC 5480, RFC 3279).
struct ECDSAValue {
    /// Both numbers without leading zeros.
    let r: [UInt8]
    let s: [UInt8]

    /// From r and s one after the other, each of the curve's length (PKCS#11 2.40, 2.3.1).
    init?(raw: [UInt8], length: Int) {
        guard raw.count == 2 * length else { return nil }
        self.init(r: raw.prefix(length), s: raw.suffix(length))
    }

    /// From ECDSA-Sig-Value in DER.
    init?(der: ArraySlice<UInt8>, length: Int) {
        do throws(DERError) {
            var parts = DERReader(try DERReader.single(der, tag: DERTag.sequence, rules: .der).content, rules: .der)
            let r = try parts.integerOctets()
            let s = try parts.integerOctets()
            try parts.expectEnd()
            guard let first = r.first, let second = s.first, first < 0x80, second < 0x80 else { return nil }
            self.init(r: r, s: s)
            guard self.r.count <= length, self.s.count <= length else { return nil }
        } catch {
            return nil
        }
    }

    /// A zero in either place would satisfy a careless verifier for any message (CVE-2022-21449).
    private init?(r: ArraySlice<UInt8>, s: ArraySlice<UInt8>) {
        self.r = Array(r.drop { $0 == 0 })
        self.s = Array(s.drop { $0 == 0 })
        guard !self.r.isEmpty, !self.s.isEmpty else { return nil }
    }

    var der: [UInt8] {
        DERWriter.sequence(DERWriter.unsignedInteger(r), DERWriter.unsignedInteger(s))
    }
}
