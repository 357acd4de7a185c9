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

/// A private key of the session it was found in; it never leaves the token.
public struct PrivateKey {
    /// The key's way of signing.
    public enum Algorithm: Sendable {
        /// CKM_RSA_PKCS over a DigestInfo.
        case rsa
        /// CKM_ECDSA over a digest, answered as r‖s.
        case ecdsa
    }

    public let algorithm: Algorithm
    /// The card wants the PIN for each signature (CKA_ALWAYS_AUTHENTICATE).
    public let alwaysAuthenticates: Bool
    let handle: CK_OBJECT_HANDLE
}

/// A certificate as it lies on a token: bytes that nobody has judged yet.
public struct CertificateObject: Equatable, Sendable {
    public let der: [UInt8]
    /// CKA_ID, by which its key is found; empty where the module gives none.
    public let id: [UInt8]
}

/// The result of a look at a token's certificates.
public struct CertificateList: Equatable, Sendable {
    public var certificates: [CertificateObject] = []
    /// Objects that call themselves certificates and could not be read.
    public var broken = 0
    /// The module's answer when the first of them could not be read; nil where there is none, or it had nothing to say.
    public var failure: TokenError?

    /// By what they show: why something could not be read makes no other list of it.
    public static func == (left: Self, right: Self) -> Bool {
        left.certificates == right.certificates && left.broken == right.broken
    }
}

extension Session {
    /// RSA up to 8192 bits; twice a coordinate of P-521 is far below.
    private static let longestSignature = 1024

    /// Signs a DigestInfo (RSA) or a digest (EC, answered as r‖s) with that key.
    ///
    /// `authenticating` is called between C_SignInit and C_Sign where the key demands the PIN for each signature, and
    /// calls one of the `authenticate` methods. Cannot be interrupted: the call ends when the card has answered.
    public func sign(
        _ data: [UInt8], with key: PrivateKey, authenticating: () throws -> Void
    ) throws -> [UInt8] {
        try inSession { () throws(TokenError) in
            var mechanism = CK_MECHANISM()
            mechanism.mechanism = key.algorithm == .rsa ? CKM_RSA_PKCS : CKM_ECDSA
            try token.module.call("C_SignInit", \.C_SignInit) { $0(handle, &mechanism, key.handle) }
        }
        if key.alwaysAuthenticates { try authenticating() }
        return try inSession { () throws(TokenError) in
            var data = data
            var signature = [UInt8](repeating: 0, count: Self.longestSignature)
            var length = CK_ULONG(signature.count)
            // One call with room enough: asking for the length first ends the operation in some modules.
            try token.module.call("C_Sign", \.C_Sign) {
                $0(handle, &data, CK_ULONG(data.count), &signature, &length)
            }
            guard length > 0, length <= signature.count else { throw TokenError(.absurdAnswer, call: "C_Sign") }
            return Array(signature.prefix(Int(length)))
        }
    }
}
