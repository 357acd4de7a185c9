// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// From when to when a certificate is good: UTC seconds, both ends included (RFC 5280, section 4.1.2.5).
public struct Validity: Sendable, Hashable {
    public let notBefore: Int64
    public let notAfter: Int64

    /// Seconds in a day. Days are counted back from `notAfter` in steps of this size; no time zone has a part in it.
    public static let day: Int64 = 86_400

    /// Takes the times as a job gives them. A time outside the years 0 to 9999, which no certificate can have, is
    /// moved to the nearest end, so that no sum here can overflow.
    public init(notBefore: Int64, notAfter: Int64) {
        self.notBefore = Self.sayable(notBefore)
        self.notAfter = Self.sayable(notAfter)
    }

    private static func sayable(_ instant: Int64) -> Int64 { min(max(instant, -62_167_219_200), 253_402_300_799) }

    /// The instant that lies `days` before the end.
    public func instant(daysBeforeEnd days: Int) -> Int64 { notAfter - Int64(days) * Self.day }

    /// The first second of which one can say that the certificate has expired.
    public var expiry: Int64 { notAfter + 1 }

    /// Whole days left, rounded down: 0 in the last 86,400 seconds, −1 from the first second after the end.
    public func daysLeft(at now: Int64) -> Int {
        let (quotient, remainder) = (notAfter - Self.sayable(now)).quotientAndRemainder(dividingBy: Self.day)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }
}
