// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An event of a certificate, for programs that are run and for the journal.
///
/// A new kind of event is a case here, its identifier below, and a call of `announce` where the service takes in the change.
public enum CertificateEvent: String, CaseIterable, Sendable {
    /// A reminder is due.
    case reminder
    /// It has another phase: due to be renewed, expired.
    case phase
    /// Its successor is the one to use from now on.
    case handover
    /// Its responder says something else than before: suspended, revoked, good again.
    case revocation

    /// The journal's MESSAGE_ID, by which `journalctl` finds all events of the kind. It never changes.
    public var messageID: String {
        switch self {
        case .reminder: "592d31680cd44ddc8ae9319486078653"
        case .phase: "61eb5ccef8bb4e06ab0dd66ea1c9bff7"
        case .handover: "4605bc3fdd114c9b96641f7d8f60ab9e"
        case .revocation: "9eefdd9b1947421197b92a2ec5308b2b"
        }
    }
}

/// The facts about a certificate that an event tells: nothing that names a person.
public struct EventFacts: Sendable, Equatable {
    public let certificate: String
    public let kind: CertificateKind
    /// The name of its issuer.
    public let issuer: String
    public let notAfter: Int64
    /// Rounded down; negative after the end.
    public let daysLeft: Int
    public let phase: Phase
    /// The id of the certificate that follows it; "" where none is known.
    public let successor: String
    /// The last word of its responder, as on the bus.
    public let revocation: RevocationState

    public init(
        certificate: String, kind: CertificateKind, issuer: String, notAfter: Int64, daysLeft: Int, phase: Phase,
        successor: String = "", revocation: RevocationState = .unknown
    ) {
        (self.certificate, self.kind, self.issuer) = (certificate, kind, issuer)
        (self.notAfter, self.daysLeft, self.phase) = (notAfter, daysLeft, phase)
        (self.successor, self.revocation) = (successor, revocation)
    }
}
