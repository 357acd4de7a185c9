// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// NFC (UAX #15) has no public name in the standard library. The library does compute it, for comparing strings, and
// offers it to Foundation under @_spi(_Unicode); Foundation's own precomposedStringWithCanonicalMapping is these
// lines. Taking it keeps Foundation out of this module and the tables the ones that String's == uses. Should a
// toolchain drop it, this file stops compiling: it cannot start to give wrong answers in silence.
@_spi(_Unicode) internal import Swift

extension String {
    /// Whether the text is in Normalization Form C, scalar for scalar.
    var isNFC: Bool { unicodeScalars.elementsEqual(_nfc) }
}
