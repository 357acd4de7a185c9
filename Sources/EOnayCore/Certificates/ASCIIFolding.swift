// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text with A…Z turned to a…z and nothing else touched.
    ///
    /// `lowercased()` maps İ and K (the Kelvin sign) as well, and a name must not become ASCII by being folded.
    func asciiLowercased() -> String {
        var folded = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "A"..."Z": folded.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }
}
