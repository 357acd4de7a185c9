// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// NFC (UAX #15) has no public name in the standard library. The library does compute it, for comparing strings, and
// offers it to Foundation under @_spi(_Unicode); Foundation's own precomposedStringWithCanonicalMapping is these
// lines. Taking it keeps Foundation out of this module and the tables the ones that String's == uses. Should a
// toolchain drop it, this file stops compiling: it cannot start to give wrong answers in silence.
@_spi(_Unicode) internal import Swift
internal import SystemBasics

/// The rules for a field of the signed text.
///
/// The text must look to its reader as it is: a field holds no character that cannot be seen, that turns the direction
/// of its neighbours, or that makes a line end where none is. And it has one spelling (NFC), for nobody normalises.
enum TextRules {
    /// Throws what is wrong with `text`, if anything.
    static func check(_ text: String, linesAllowed: Bool, atMost octets: Int) throws(InvalidDeclaration.Reason) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= octets else { throw .tooLong }
        for scalar in text.unicodeScalars where !scalar.isShowable {
            guard linesAllowed && scalar == "\n" else { throw .character }
        }
        guard text.isNFC else { throw .notNormalised }
    }
}

extension String {
    /// Whether the text is in Normalization Form C, scalar for scalar.
    var isNFC: Bool { unicodeScalars.elementsEqual(_nfc) }
}
