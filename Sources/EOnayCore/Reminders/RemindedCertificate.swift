// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The planner's view of a certificate.
public struct RemindedCertificate: Sendable, Equatable {
    /// The certificate's id.
    public let id: String
    /// Equal for certificates of the same person; empty where the certificate names none.
    public let identityKey: [UInt8]
    public let isQualified: Bool
    public let validity: Validity
    /// The thresholds whose reminder was shown or was superseded, and when: UTC seconds; 0 where that is not known.
    public let told: [Int: Int64]
    /// The end of a snooze as `Snooze` granted it; 0 where there is none.
    public let snoozedUntil: Int64

    public init(
        id: String, identityKey: [UInt8], isQualified: Bool, validity: Validity, told: [Int: Int64] = [:],
        snoozedUntil: Int64 = 0
    ) {
        self.id = id
        self.identityKey = identityKey
        self.isQualified = isQualified
        self.validity = validity
        self.told = told
        self.snoozedUntil = snoozedUntil
    }

    /// A reminder counts although it was shown up to this many seconds in the future: a clock that was set in the wrong time zone is less
    /// than a day ahead, and is corrected soon.
    static let tolerance = Validity.day

    /// The thresholds that count as shown at `now`. A time in the future comes from a clock that was wrong, perhaps by years; if it counted,
    /// nobody would be reminded of an end that still lies ahead.
    public func told(at now: Int64) -> Set<Int> {
        Set(told.filter { $0.value <= now + Self.tolerance }.keys)
    }

    /// Whether this one makes reminders of `other` pointless: the same person's, and good for longer.
    ///
    /// A certificate that cannot sign (the identity card's own, say) does not stand in for one that can.
    func replaces(_ other: RemindedCertificate) -> Bool {
        !identityKey.isEmpty && identityKey == other.identityKey && validity.notAfter > other.validity.notAfter
            && (isQualified || !other.isQualified)
    }
}

/// A time before which a certificate's holder does not want to be reminded of it.
public enum Snooze {
    /// The granted end of a wish for silence until `wish`: shortened to one day before the end; 0 (none) where that, or
    /// the wish itself, is not ahead any more.
    public static func granted(until wish: Int64, for validity: Validity, at now: Int64) -> Int64 {
        let until = min(wish, validity.instant(daysBeforeEnd: 1))
        return until > now ? until : 0
    }
}
