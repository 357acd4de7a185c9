// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// From when to when a certificate is good: UTC seconds, both ends included (RFC 5280, section 4.1.2.5).
public struct Validity: Sendable, Hashable {
    public let notBefore: Int64
    public let notAfter: Int64

    /// Seconds in a day. Days are counted back from `notAfter` in steps of this size; no time zone has a part in it.
    public static let day: Int64 = 86_400

    /// From the times as a job gives them. A time outside the years 0 to 9999, which no certificate can have, is
    /// moved to the nearest end, so that no sum here can overflow.
    public init(notBefore: Int64, notAfter: Int64) {
        self.notBefore = Self.sayable(notBefore)
        self.notAfter = Self.sayable(notAfter)
    }

    private static func sayable(_ instant: Int64) -> Int64 { min(max(instant, -62_167_219_200), 253_402_300_799) }

    /// The instant that lies `days` before the end.
    public func instant(daysBeforeEnd days: Int) -> Int64 { notAfter - Int64(days) * Self.day }

    /// The first second in which the certificate has expired.
    public var expiry: Int64 { notAfter + 1 }

    /// Whole days left, rounded down: 0 in the last 86,400 seconds, −1 from the first second after the end.
    public func daysLeft(at now: Int64) -> Int {
        let (quotient, remainder) = (notAfter - Self.sayable(now)).quotientAndRemainder(dividingBy: Self.day)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }
}

/// How many days before its end a certificate is renewal-due.
public struct RenewalWindow: Sendable, Hashable {
    public let days: Int

    /// The guide's "one month".
    public static let usual = RenewalWindow(usualDays: 30)

    /// The range that a configuration may set.
    public static let allowed = 1...365

    /// Nil outside of `allowed`.
    public init?(days: Int) {
        guard Self.allowed.contains(days) else { return nil }
        self.days = days
    }

    private init(usualDays: Int) { days = usualDays }

    /// The phase at an instant, exact to the second.
    public func phase(of validity: Validity, at now: Int64) -> Phase {
        if now >= validity.expiry { return .expired }
        if now < validity.notBefore { return .notYetValid }
        return now >= validity.instant(daysBeforeEnd: days) ? .renewalDue : .valid
    }

    /// The next instant at which the phase is another one; nil once the certificate has expired.
    public func nextChange(of validity: Validity, after now: Int64) -> Int64? {
        let phase = phase(of: validity, at: now)
        let changes = [validity.notBefore, validity.instant(daysBeforeEnd: days), validity.expiry]
        return changes.filter { $0 > now && self.phase(of: validity, at: $0) != phase }.min()
    }
}

/// Where a certificate stands in its life. The raw value is the word of the bus.
public enum Phase: String, Sendable, CaseIterable {
    /// Its first second lies ahead. This is a state of its own: a new card's certificate may start in the future.
    case notYetValid = "not-yet-valid"
    case valid
    /// Good, and so near its end that it should be renewed: once it has ended, it cannot be renewed electronically.
    case renewalDue = "renewal-due"
    case expired
}
