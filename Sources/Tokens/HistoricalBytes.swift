// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The bytes in a card's answer at power-up in which its maker names it (ISO/IEC 7816-3, 8.2.6).
struct HistoricalBytes {
    /// Empty where the answer is cut short or holds none.
    let bytes: [UInt8]

    /// Reads the interface bytes only to find their end; never fails.
    init(answerToReset: [UInt8]) {
        var rest = answerToReset.dropFirst()
        guard let format = rest.popFirst() else {
            bytes = []
            return
        }
        var present = format >> 4
        while present != 0 {
            // TAi, TBi and TCi are passed over; TDi announces the next four.
            rest = rest.dropFirst((present & 0b0111).nonzeroBitCount)
            guard present & 0b1000 != 0, let next = rest.popFirst() else { break }
            present = next >> 4
        }
        bytes = Array(rest.prefix(Int(format & 0x0F)))
    }

    /// Whether the card calls itself one of TÜBİTAK's: AKİS 1 and 2, its newest generation, and the national identity
    /// card, which has the same answer. Whole answers are not compared: published lists contain wrong ones.
    var isAKISFamily: Bool {
        Self.families.contains { bytes.starts(with: $0) }
    }

    private static let families: [[UInt8]] = [
        Array("UEKAE V1".utf8),
        [0x80, 0x67] + Array("UEKAE".utf8),
        [0x80, 0x65] + Array("TC".utf8),
        [0x80, 0x66, 0x68, 0x32],
    ]
}
