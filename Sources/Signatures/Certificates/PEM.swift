// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Textual encodings of certificates and CMS (RFC 7468).
enum PEM {
    static let certificateLabels: Set<String> = ["CERTIFICATE", "X509 CERTIFICATE"]
    static let signatureLabels: Set<String> = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA"]

    struct Block {
        let label: String
        let der: [UInt8]
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)

    /// All blocks of a text; what stands outside of them is explanation. Throws where a block is broken.
    static func blocks(_ text: [UInt8]) throws(CertificateError) -> [Block] {
        var blocks: [Block] = []
        var label: [UInt8]?
        var digits: [UInt8] = []
        for line in lines(text) {
            if let name = encapsulated(line, begin) {
                guard label == nil else { throw CertificateError(code: .badArmour, detail: "BEGIN in a block") }
                (label, digits) = (name, [])
            } else if let name = encapsulated(line, end) {
                guard name == label, let der = base64(digits) else {
                    throw CertificateError(code: .badArmour, detail: "END or base64")
                }
                blocks.append(Block(label: String(decoding: name, as: UTF8.self), der: der))
                label = nil
            } else if label != nil {
                digits += line
            }
        }
        guard label == nil else { throw CertificateError(code: .badArmour, detail: "END is missing") }
        return blocks
    }

    /// Whether a line begins a block with one of these labels, whatever follows it.
    static func begins(_ text: [UInt8], labels: Set<String>) -> Bool {
        lines(text).contains { line in
            encapsulated(line, begin).map { labels.contains(String(decoding: $0, as: UTF8.self)) } == true
        }
    }

    /// The lines, a byte order mark before the first dropped.
    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return text.dropFirst(text.starts(with: mark) ? mark.count : 0)
            .split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    }

    private static func encapsulated(_ line: ArraySlice<UInt8>, _ prefix: [UInt8]) -> [UInt8]? {
        let trimmed = line.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
        guard trimmed.starts(with: prefix), trimmed.suffix(5).elementsEqual(dashes) else { return nil }
        return trimmed.dropFirst(prefix.count).dropLast(5).map { $0 }
    }

    /// Decodes base64, blanks skipped; nil for other characters, a wrong length or a wrong end.
    static func base64(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var octets: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for character in text where character != 0x20 && character != 0x09 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                padding += 1
                count += 1
                continue
            default: return nil
            }
            guard padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                octets += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
                octets.append(UInt8(truncatingIfNeeded: bits))
                bits = 0
            }
        }
        guard count % 4 == 0, padding <= 2 else { return nil }
        switch padding {
        case 1: octets += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
        case 2: octets.append(UInt8(truncatingIfNeeded: bits >> 4))
        default: break
        }
        return octets
    }
}
