// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
