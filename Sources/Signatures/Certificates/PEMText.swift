// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Textual encodings of certificates and CMS (RFC 7468).
enum PEMText {
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
        Base64.decode(text.filter { $0 != 0x20 && $0 != 0x09 }, allowingUnusedBits: true)
    }
}
