// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import EOnayCore
import Foundation
import PortalContract

// What a thief of the database gets: digests and ciphertext. Codes, session tokens and identity numbers are so short or
// so few that a plain hash of them could be tried out; an HMAC under a key that is not in the database cannot.

/// The portal's secrets, all drawn from the one master key that lives in a file outside the database.
struct PortalKeys: Sendable {
    private let codes: SymmetricKey
    private let tokens: SymmetricKey
    private let successors: SymmetricKey
    private let identities: SymmetricKey
    private let certificates: SymmetricKey
    private let buckets: SymmetricKey
    private let numbers: SymmetricKey
    private let forms: SymmetricKey
    private let links: SymmetricKey
    private let contents: SymmetricKey

    /// Tells one master key from another, and nothing about it: the database keeps it, so that the portal refuses to
    /// start on a database with the wrong key instead of finding nobody's consent.
    let fingerprint: Data

    /// Each use has a key of its own (HKDF, RFC 5869), so that no value of one column means anything in another.
    init(master: SymmetricKey) {
        func derived(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: master, info: Data("E-Onay portal 1: \(use)".utf8), outputByteCount: 32)
        }
        codes = derived("codes")
        tokens = derived("session tokens")
        successors = derived("session tokens after the sign-in")
        identities = derived("identity numbers")
        certificates = derived("certificates")
        buckets = derived("limits")
        numbers = derived("confirmation numbers")
        forms = derived("forms")
        links = derived("record chain")
        contents = derived("contents")
        fingerprint = Self.digest("fingerprint".utf8, derived("fingerprint"))
    }

    private static func digest(_ bytes: some Sequence<UInt8>, _ key: SymmetricKey) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data(bytes), using: key))
    }

    func digest(of code: VerificationCode) -> Data { Self.digest(code.digits.utf8, codes) }

    func digest(ofToken token: String) -> Data { Self.digest(token.utf8, tokens) }

    func digest(of identity: NationalIdentity) -> Data { Self.digest(identity.digits.utf8, identities) }

    /// - Parameter certificate: the SHA-256 of its DER, in hex.
    func digest(ofCertificate certificate: String) -> Data { Self.digest(certificate.utf8, certificates) }

    /// The name of a limit's counter: neither an address nor a number can be read from it.
    func bucket(_ parts: String...) -> Data { Self.digest(parts.joined(separator: "\n").utf8, buckets) }

    /// The six digits that prove who signed a login code. They follow from the code, so that a lost answer can be
    /// given again without being stored; without the key they cannot be told from the code.
    func number(for code: VerificationCode) -> String {
        let value = Self.digest(code.digits.utf8, numbers).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // 2^64 mod 10^6 is not 0, but the bias is one part in 10^13.
        let digits = String(value % 1_000_000)
        return String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// The token that a browser's session goes by after `number` confirmed it. It follows from the one before, so that a
    /// form that was sent twice, or whose answer was lost, gets the same one again; without the key nobody can tell it.
    func token(after token: String, confirmedBy number: String) -> String {
        Base64.encodeURL(Array(Self.digest("\(token)\n\(number)".utf8, successors)))
    }

    func digest(ofNumber number: String) -> Data { Self.digest(number.utf8, numbers) }

    /// The token of a page's forms, bound to the visitor's cookie.
    func formToken(visitor: String) -> String {
        Self.digest(visitor.utf8, forms).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The link of the record chain: keyed, so that only the portal can make one that fits.
    func link(_ bytes: Data) -> Data { Self.digest(bytes, links) }

    /// Encrypts (AES-256-GCM, random nonce). The context says where the ciphertext belongs: moved elsewhere, it does
    /// not open.
    func seal(_ plain: some DataProtocol, context: String) throws -> Data {
        // `combined` is nil only for nonces of a length that we do not use.
        try AES.GCM.seal(plain, using: contents, authenticating: Data(context.utf8)).combined!
    }

    /// Decrypts; throws where octets, context or key are not those of the sealing.
    func open(_ sealed: Data, context: String) throws -> Data {
        try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: contents, authenticating: Data(context.utf8))
    }
}

/// Compares in a time that does not depend on where two values differ.
func equalInConstantTime(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

/// Fresh random values, all from the kernel's generator (`SystemRandomNumberGenerator` is getrandom(2) on Linux).
enum Randomness {
    /// Fifteen digits, each as likely as any other.
    static func code() -> VerificationCode {
        let digits = String(UInt64.random(in: 0..<1_000_000_000_000_000))
        let padded = String(repeating: "0", count: VerificationCode.length - digits.utf8.count) + digits
        // Fifteen ASCII digits are always a code.
        return try! VerificationCode(padded)
    }

    /// A session token: 256 bits as base64url.
    static func token() -> String {
        // Eight octets a draw: each is a call of the kernel's.
        let octets = (0..<PortalLimits.tokenBytes / 8).flatMap { _ in
            withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) }
        }
        return Base64.encodeURL(octets)
    }

    /// A record's reference: 80 bits in groups of four, in the letters that are not mistaken for digits.
    static func reference() -> String {
        let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        // Five bits a letter.
        return (0..<4).map { _ in
            let bits = UInt32.random(in: .min ... .max)
            return String((0..<4).map { letters[Int(bits >> ($0 * 5) & 31)] })
        }.joined(separator: "-")
    }
}
