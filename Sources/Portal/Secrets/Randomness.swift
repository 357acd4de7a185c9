// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract

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
