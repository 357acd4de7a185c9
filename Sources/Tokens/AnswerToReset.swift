// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A card's answer at power-up (ISO/IEC 7816-3, 8.2), as far as it names the card's family.
public struct AnswerToReset: Sendable {
    /// The bytes in which the maker names the card; empty where the answer is cut short or holds none.
    public let historicalBytes: [UInt8]

    /// Reads the interface bytes only to find their end; never fails.
    public init(_ bytes: [UInt8]) {
        var rest = bytes.dropFirst()
        guard let format = rest.popFirst() else {
            historicalBytes = []
            return
        }
        var present = format >> 4
        while present != 0 {
            // TAi, TBi and TCi are passed over; TDi announces the next four.
            rest = rest.dropFirst((present & 0b0111).nonzeroBitCount)
            guard present & 0b1000 != 0, let next = rest.popFirst() else { break }
            present = next >> 4
        }
        historicalBytes = Array(rest.prefix(Int(format & 0x0F)))
    }

    /// Whether the card calls itself one of TÜBİTAK's: AKİS 1 and 2, its newest generation, and the national identity
    /// card, which has the same answer. Whole answers are not compared: published lists contain wrong ones.
    public var isAKISFamily: Bool {
        Self.families.contains { historicalBytes.starts(with: $0) }
    }

    private static let families: [[UInt8]] = [
        Array("UEKAE V1".utf8),
        [0x80, 0x67] + Array("UEKAE".utf8),
        [0x80, 0x65] + Array("TC".utf8),
        [0x80, 0x66, 0x68, 0x32],
    ]
}
