// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Octets as text (RFC 4648): base64 for signatures in JSON and PEM, base64url without padding for session tokens.
public enum Base64 {
    /// The octets in the alphabet with `+` and `/`, padded.
    public static func encode(_ octets: some Collection<UInt8>) -> String {
        let text = encode(octets, alphabet: standard)
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    /// The octets in the alphabet with `-` and `_`, without padding.
    public static func encodeURL(_ octets: some Collection<UInt8>) -> String {
        encode(octets, alphabet: urlSafe)
    }

    /// Reads padded base64; nil for anything else, also where unused bits are not zero.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8), allowingUnusedBits: false)
    }

    /// Reads padded base64; nil for anything else.
    ///
    /// - Parameter allowingUnusedBits: also where the last character has bits that no octet holds, as some software writes them.
    public static func decode(_ text: [UInt8], allowingUnusedBits: Bool) -> [UInt8]? {
        let digits = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.dropFirst(digits.count)
        guard text.count % 4 == 0, padding.count <= 2, padding.allSatisfy({ $0 == UInt8(ascii: "=") }) else {
            return nil
        }
        var octets: [UInt8] = []
        octets.reserveCapacity(digits.count * 3 / 4)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for digit in digits {
            guard let value = value(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> count))
                bits &= (1 << count) - 1
            }
        }
        return bits == 0 || allowingUnusedBits ? octets : nil
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    private static let standard = Array((common + "+/").utf8)
    private static let urlSafe = Array((common + "-_").utf8)

    private static func encode(_ octets: some Collection<UInt8>, alphabet: [UInt8]) -> String {
        octets.withContiguousStorageIfAvailable { encode($0, alphabet) }
            ?? Array(octets).withUnsafeBufferPointer { encode($0, alphabet) }
    }

    private static func encode(_ octets: UnsafeBufferPointer<UInt8>, _ alphabet: [UInt8]) -> String {
        let (groups, rest) = octets.count.quotientAndRemainder(dividingBy: 3)
        let length = groups * 4 + (rest == 0 ? 0 : rest + 1)
        return String(unsafeUninitializedCapacity: length) { text in
            alphabet.withUnsafeBufferPointer { alphabet in
                /// The digits of up to three octets.
                func put(_ bits: UInt32, _ digits: Int, at start: Int) {
                    for digit in 0..<digits {
                        text[start + digit] = alphabet[Int(bits >> (18 - 6 * UInt32(digit)) & 63)]
                    }
                }
                for group in 0..<groups {
                    let first = group * 3
                    put(
                        UInt32(octets[first]) << 16 | UInt32(octets[first + 1]) << 8 | UInt32(octets[first + 2]), 4,
                        at: group * 4)
                }
                let last = octets[(groups * 3)...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (24 - 8 * UInt32(rest))
                if rest > 0 { put(last, rest + 1, at: groups * 4) }
            }
            return length
        }
    }
}

/// Octets as hexadecimal text.
public enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two lower-case digits for each octet.
    public static func text(_ octets: some Sequence<UInt8>) -> String {
        String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The value of a digit in either case; nil for another character.
    public static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
