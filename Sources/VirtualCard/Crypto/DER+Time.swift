// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension DER {
    /// A moment in UTC as certificates want it (RFC 5280, 4.1.2.5): UTCTime up to 2049, GeneralizedTime from 2050.
    static func time(_ moment: Int64) -> [UInt8] {
        let (day, second) = moment.flooredDivision(by: 86_400)
        let (year, month, dayOfMonth) = civilDate(day)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { twoDigits($0) }.joined()
        let date = twoDigits(Int64(month)) + twoDigits(Int64(dayOfMonth)) + clock + "Z"
        if (1950..<2050).contains(year) { return element(0x17, Array((twoDigits(year % 100) + date).utf8)) }
        return element(0x18, Array((twoDigits(year / 100) + twoDigits(year % 100) + date).utf8))
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// Year, month and day of a day number counted from 1970-01-01, in the Gregorian calendar.
    ///
    /// Years begin in March here, so that the leap day is the last one of its year.
    private static func civilDate(_ day: Int64) -> (year: Int64, month: Int, day: Int) {
        let (era, dayOfEra) = (day + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, Int(month), Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))
    }
}

extension Int64 {
    /// Quotient and remainder, the remainder never negative.
    fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
