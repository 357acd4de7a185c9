// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// A key in a row of a list that can grow: the raw value is the key in `a{sv}`.
public protocol ListKey: BusMember {
    /// The type of its value.
    var type: Signature { get }
}

/// The keys in a row of `ListCertificates`, besides the properties of ``CertificateInterface``.
public enum CertificateKey: String, ListKey {
    /// The certificate's object.
    case path = "Path"
    /// Whole days before its end, rounded down; negative once it has expired.
    case daysLeft = "DaysLeft"
    /// When the newest decision of its holder was recorded; 0 where none was.
    case decidedAt = "DecidedAt"
    /// The portal that recorded it; "" where none did.
    case portal = "Portal"
    /// When its card was first read, and when last.
    case firstSeen = "FirstSeen"
    case lastSeen = "LastSeen"
    /// The thresholds of the reminders that were shown, in days before the end.
    case remindersShown = "RemindersShown"

    public var type: Signature {
        switch self {
        case .path: "o"
        case .daysLeft: "i"
        case .decidedAt, .firstSeen, .lastSeen: "x"
        case .portal: "s"
        case .remindersShown: "ai"
        }
    }
}

/// The keys in a row of `ListHistory`.
public enum DecisionKey: String, ListKey {
    case decidedAt = "DecidedAt"
    /// The id of the certificate that signed it.
    case certificate = "Certificate"
    /// Whom that certificate names; "" where it is no longer known here.
    case holder = "Holder"
    case decision = "Decision"
    case result = "Result"
    case portal = "Portal"
    /// The portal's reference; "" where it gave none.
    case reference = "Reference"

    public var type: Signature { self == .decidedAt ? "x" : "s" }
}

/// The options of `ListHistory`; the raw value is the key in `a{sv}`.
public enum HistoryOption: String, CaseIterable, Sendable {
    /// The most rows; 0: as many as there may be.
    case limit
    /// Only decisions of that time and later.
    case since

    /// The type that the value must have.
    public var type: Signature {
        switch self {
        case .limit: "u"
        case .since: "x"
        }
    }
}
