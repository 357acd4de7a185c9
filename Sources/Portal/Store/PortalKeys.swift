// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import EOnayCore
import Foundation
import PortalContract
import SystemBasics

// A thief of the database gets digests and ciphertext. Codes, session tokens and identity numbers are so short or so few
// that a thief could try all of them against a plain hash. The key of an HMAC is not in the database.

/// The portal's keys, all derived from the one master key in a file outside the database.
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

    /// Distinguishes master keys and says nothing else about them. The database keeps it, so that the portal does not start
    /// with the wrong key and then finds nobody's consent.
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

    /// The name of a limit's counter. It shows neither an address nor a number.
    func bucket(_ parts: String...) -> Data { Self.digest(parts.joined(separator: "\n").utf8, buckets) }

    /// The six digits that prove who signed a login code. They follow from the code, so a lost answer can be given again
    /// and is not stored. Nobody can derive them without the key.
    func number(for code: VerificationCode) -> String {
        let value = Self.digest(code.digits.utf8, numbers).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // 2^64 mod 10^6 is not 0, but the bias is one part in 10^13.
        let digits = String(value % 1_000_000)
        return String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// The token of a browser's session after `number` confirmed it. It follows from the token before, so a form that was
    /// sent twice, or whose answer was lost, gets the same one again. Nobody can derive it without the key.
    func token(after token: String, confirmedBy number: String) -> String {
        Base64.encodeURL(Array(Self.digest("\(token)\n\(number)".utf8, successors)))
    }

    func digest(ofNumber number: String) -> Data { Self.digest(number.utf8, numbers) }

    /// The token of a page's forms, bound to the visitor's cookie.
    func formToken(visitor: String) -> String {
        Hexadecimal.text(Self.digest(visitor.utf8, forms))
    }

    /// The link of the record chain. It is keyed, so only the portal can make one that fits.
    func link(_ bytes: Data) -> Data { Self.digest(bytes, links) }

    /// Encrypts (AES-256-GCM, random nonce). The context says where the ciphertext belongs: it does not open elsewhere.
    func seal(_ plain: some DataProtocol, context: String) throws -> Data {
        // `combined` is nil only for nonces of a length that we do not use.
        try AES.GCM.seal(plain, using: contents, authenticating: Data(context.utf8)).combined!
    }

    /// Decrypts; throws if octets, context or key are not those of the sealing.
    func open(_ sealed: Data, context: String) throws -> Data {
        try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: contents, authenticating: Data(context.utf8))
    }
}

/// Compares two values in a time that does not depend on where they differ.
func equalInConstantTime(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

/// Fresh random values, all from the kernel's generator (`SystemRandomNumberGenerator` is getrandom(2) on Linux).
enum Randomness {
    /// Fifteen digits, each as likely as any other.
    static func code() -> VerificationCode { VerificationCode(number: .random(in: VerificationCode.numbers)) }

    /// A session token: 256 bits as base64url.
    static func token() -> String {
        // Eight octets a draw, because each draw is a system call.
        let octets = (0..<PortalLimits.tokenBytes / 8).flatMap { _ in
            withUnsafeBytes(of: UInt64.random(in: .min ... .max)) { Array($0) }
        }
        return Base64.encodeURL(octets)
    }

    /// A record's reference: 80 bits in groups of four, of letters that do not look like digits.
    static func reference() -> String {
        let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        // Five bits a letter.
        return (0..<4).map { _ in
            let bits = UInt32.random(in: .min ... .max)
            return String((0..<4).map { letters[Int(bits >> ($0 * 5) & 31)] })
        }.joined(separator: "-")
    }
}
