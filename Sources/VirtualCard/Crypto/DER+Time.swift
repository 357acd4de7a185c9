// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

extension DER {
    /// A moment in UTC as certificates want it (RFC 5280, 4.1.2.5): UTCTime up to 2049, GeneralizedTime from 2050.
    static func time(_ moment: Int64) -> [UInt8] {
        let time = CivilTime(utc: moment)
        let digits = (time.date + time.clock).filter { $0.isNumber } + "Z"
        if (1950..<2050).contains(time.year) { return element(0x17, Array(digits.dropFirst(2).utf8)) }
        return element(0x18, Array(digits.utf8))
    }
}
