// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

extension Session {
    /// Whether the token shows, to a stranger, a key of that certificate: nil where it hides its keys until the login.
    public func showsKey(of certificate: CertificateObject) throws(TokenError) -> Bool? {
        try inSession { () throws(TokenError) in
            for objectClass in [CKO_PRIVATE_KEY, CKO_PUBLIC_KEY] {
                let keys = try find(objectClass)
                if keys.isEmpty { continue }
                return keys.contains { key in
                    let id = (try? attribute(CKA_ID, of: key)) ?? []
                    return !id.isEmpty && id == certificate.id || holdsHalf(of: certificate, key)
                }
            }
            return nil
        }
    }

    /// The private key of that certificate; after the login, since cards hide it before.
    ///
    /// It is found by CKA_ID, and where that is missing or given twice by its public half. Throws `noPrivateKey`.
    public func privateKey(of certificate: CertificateObject) throws(TokenError) -> PrivateKey {
        try inSession { () throws(TokenError) in
            let named = certificate.id.isEmpty ? [] : try find(CKO_PRIVATE_KEY, id: certificate.id)
            if named.count == 1 { return try describe(named[0]) }
            let candidates = named.isEmpty ? try find(CKO_PRIVATE_KEY) : named
            if let key = candidates.first(where: { holdsHalf(of: certificate, $0) }) { return try describe(key) }
            // Private EC keys seldom tell their point, but their public twins do, and the two share an identifier.
            for twin in try find(CKO_PUBLIC_KEY) where holdsHalf(of: certificate, twin) {
                guard let id = try? attribute(CKA_ID, of: twin), !id.isEmpty else { continue }
                if let key = try find(CKO_PRIVATE_KEY, id: id).first { return try describe(key) }
            }
            if let key = named.first { return try describe(key) }
            throw TokenError(.noPrivateKey, call: "C_FindObjects")
        }
    }

    /// Whether the key's public half stands in the certificate. No parser is needed to know: a modulus or a curve point is
    /// a long random number, and the signature is checked against the certificate before anybody gets it.
    private func holdsHalf(of certificate: CertificateObject, _ key: CK_OBJECT_HANDLE) -> Bool {
        for type in [CKA_MODULUS, CKA_EC_POINT] {
            // Each kind of key lacks the other's attribute.
            guard var half = try? attribute(type, of: key) else { continue }
            // The point is mostly wrapped in an OCTET STRING, the modulus may begin with a zero byte.
            if type == CKA_EC_POINT, half.count > 2, half[0] == 0x04, half[2] == 0x04, Int(half[1]) == half.count - 2 {
                half.removeFirst(2)
            }
            half = Array(half.drop { $0 == 0 })
            if half.count >= 48, certificate.der.contains(half) { return true }
        }
        return false
    }

    private func describe(_ key: CK_OBJECT_HANDLE) throws(TokenError) -> PrivateKey {
        let type = try attribute(CKA_KEY_TYPE, of: key)
        let algorithm: PrivateKey.Algorithm? =
            switch Self.number(type) {
            case CKK_RSA: .rsa
            case CKK_EC: .ecdsa
            default: nil
            }
        guard let algorithm else { throw TokenError(.noPrivateKey, call: "C_GetAttributeValue") }
        // Absent in modules older than PKCS#11 2.20, which know no such keys.
        let always = (try? attribute(CKA_ALWAYS_AUTHENTICATE, of: key)) ?? []
        return PrivateKey(algorithm: algorithm, alwaysAuthenticates: always.contains { $0 != 0 }, handle: key)
    }

    private static func number(_ bytes: [UInt8]) -> CK_ULONG? {
        guard bytes.count == MemoryLayout<CK_ULONG>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: CK_ULONG.self) }
    }
}
