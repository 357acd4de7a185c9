// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The bytes by which a card introduces itself when it gets power (ISO 7816-3).
public struct AnswerToReset: Sendable, Equatable {
    /// At most 33 bytes on a sound card. Readers call a card with more mute.
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads hexadecimal digits, with or without spaces and colons; nil where there is anything else.
    public init?(hex: String) {
        let digits = hex.filter { $0 != " " && $0 != ":" }
        let values = digits.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard !values.isEmpty, values.count == digits.count, values.count.isMultiple(of: 2) else { return nil }
        bytes = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// The one that OpenSC's akis driver knows: AKIS 1.0, "UEKAE V1.0".
    public static let akis = AnswerToReset(
        [0x3B, 0xBA, 0x11, 0x00, 0x81, 0x31, 0xFE, 0x4D] + Array("UEKAE V1.0".utf8) + [0xAE])
    /// A plain T=1 card, found by its application and not by these bytes.
    public static let piv = contact(historical: "EONAYPIV")
    /// A card that no driver knows.
    public static let unknown = contact(historical: "MYSTERY")
    /// Longer than any reader accepts, so that powering up fails.
    public static let mute = AnswerToReset([UInt8](repeating: 0, count: 34))

    /// A T=1 card with these historical bytes and a right check byte.
    static func contact(historical: String) -> AnswerToReset {
        let text = Array(historical.utf8)
        let body = [0x80 | UInt8(text.count), 0x80, 0x01] + text
        return AnswerToReset([0x3B] + body + [body.reduce(0, ^)])
    }
}
