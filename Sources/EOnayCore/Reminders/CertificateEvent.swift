// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What happened to a certificate, for programs that are run and for the journal.
///
/// A new kind of event is a case here, its identifier below, and a call of `announce` where the service takes in the change.
public enum CertificateEvent: String, CaseIterable, Sendable {
    /// A reminder is due.
    case reminder
    /// It has another phase: due to be renewed, expired.
    case phase

    /// The journal's MESSAGE_ID, by which `journalctl` finds all events of the kind. It never changes.
    public var messageID: String {
        switch self {
        case .reminder: "592d31680cd44ddc8ae9319486078653"
        case .phase: "61eb5ccef8bb4e06ab0dd66ea1c9bff7"
        }
    }
}

/// The facts about a certificate that an event tells: nothing that names a person.
public struct EventFacts: Sendable, Equatable {
    public let certificate: String
    /// As `eonay expiry` names it.
    public let kind: String
    /// The name of its issuer.
    public let issuer: String
    public let notAfter: Int64
    /// Rounded down; negative after the end.
    public let daysLeft: Int
    public let phase: Phase

    public init(certificate: String, kind: String, issuer: String, notAfter: Int64, daysLeft: Int, phase: Phase) {
        (self.certificate, self.kind, self.issuer) = (certificate, kind, issuer)
        (self.notAfter, self.daysLeft, self.phase) = (notAfter, daysLeft, phase)
    }
}

/// The word for a certificate's kind where nothing but `Qualified` is known of it. This is the one place to change once a
/// certificate's kind is known.
public enum CertificateKindWord {
    public static func word(isQualified: Bool) -> String { isQualified ? "nes" : "other" }
}
