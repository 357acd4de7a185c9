// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import Texts

/// The words of the notices. A notice shows the holder's name and nothing else of the person.
struct NoticeTexts: Sendable {
    let texts: Texts

    /// The facts that a notice shows of a certificate.
    struct Subject: Sendable, Equatable {
        var id: String
        var holder: String
        var notAfter: Int64
        var notBefore: Int64
        var daysLeft: Int
        var phase: Phase
        /// Error names that stand against using it, as on the bus.
        var hindrances: [ErrorName]
        /// Its renewal has been applied for.
        var hasFiledRenewal = false
        var kind = CertificateKind.nes
        /// The same person's that follows it.
        var successor: Successor?
        /// The successor takes over now: that is what there is to say.
        var isHandover = false
        /// When it can be renewed: UTC seconds.
        var renewalBegins: Int64 = 0
        /// The first thing to do for a renewal, by its issuer.
        var issuerNote: String?
        var renewalBeginsAtInstitution = false
        /// The last word of its responder.
        var revocation = KnownRevocation()

        struct Successor: Sendable, Equatable {
            var notBefore: Int64
            var notAfter: Int64
            var hasBegun: Bool
        }
    }

    static func cardKey(reader: ReaderName) -> String {
        // Two names that look alike when they are repaired are two readers.
        let isText = Array(reader.shown.utf8) == reader.octets
        return "card:" + (isText ? reader.shown : reader.octets.map { String($0, radix: 16) }.joined(separator: "-"))
    }
    static let reminderKey = "reminder"
    static let refusalKey = "refusal"
    static let stateKey = "state"
    static func approvalKey(_ name: String) -> String { "approval:\(name)" }
    static func revocationKey(_ certificate: String) -> String { "revocation:\(certificate)" }

    /// The card's holder, its last day, and its fault if it has one.
    ///
    /// - Parameter missing: the family of a card that was read without its driver.
    func cardIn(reader: ReaderName, subjects: [Subject], missing: CardFamily? = nil) -> Notice? {
        guard let first = subjects.first else { return nil }
        var lines = subjects.map { subject in
            let line = validity(of: subject)
            return subject.holder == first.holder ? line : "\(texts.holder(subject.holder)): \(line)"
        }
        if let missing { lines.append(texts.readWithoutDriver(missing)) }
        let troubled = subjects.contains {
            fault(of: $0) != nil || $0.phase == .expired || $0.revocation.isTrouble
        }
        let late = subjects.contains { $0.phase == .expired || $0.phase == .renewalDue }
        return Notice(
            key: Self.cardKey(reader: reader), summary: texts.text("Card in: %1", texts.holder(first.holder)),
            body: Self.unique(lines).joined(separator: "\n"), urgency: troubled || late ? .normal : .low,
            buttons: missing.map(driverButtons) ?? [])
    }

    /// The page to get the driver from, where there is one.
    private func driverButtons(_ family: CardFamily) -> [Notice.Button] {
        guard let driver = family.driver, !driver.page.isEmpty else { return [] }
        return [.init(label: texts.text("Get the driver"), action: .driver(family))]
    }

    /// More than a bubble can show.
    private static let mostProblems = 3

    /// A card that could not be read: what is wrong and what to do.
    func cardTrouble(
        reader: ReaderName, error: ErrorName, heldBy: String, problems: [ModuleProblem] = [], family: CardFamily? = nil
    ) -> Notice {
        let explanation = texts.cardError(error, of: family)
        let body =
            if error == .tokenBusy {
                [
                    heldBy.isEmpty
                        ? texts.text("Another program is using the card.")
                        : texts.text("The card is in use by: %1", heldBy),
                    texts.text("It is read by itself as soon as it is free."),
                ]
            } else {
                [explanation.what]
                    + problems.prefix(Self.mostProblems).map { "\($0.file): \(texts.loading($0.reason))" }
                    + [explanation.remedy]
            }
        let isEmpty = error == .noCertificate
        return Notice(
            key: Self.cardKey(reader: reader),
            summary: isEmpty ? texts.text("The card is empty") : texts.text("The card could not be read"),
            body: body.joined(separator: "\n"),
            buttons: error == .noModule ? family.map(driverButtons) ?? [] : [])
    }

    /// "Valid until 22 November 2026 (30 days left)", what follows from it, and the first thing that stands against using it.
    func validity(of subject: Subject) -> String {
        var lines: [String] = kind(of: subject).map { [$0] } ?? []
        switch subject.phase {
        case .notYetValid: lines.append(texts.text("Valid only from %1", texts.date(subject.notBefore)))
        case .expired:
            lines.append(texts.text("It ended on %1.", texts.date(subject.notAfter)))
            if subject.successor == nil, subject.kind.isNES {
                lines.append(texts.text("A new one takes an application on paper."))
            }
        case .valid where subject.daysLeft == 0, .renewalDue where subject.daysLeft == 0:
            lines.append(texts.text("Valid until %1 (less than a day left)", texts.date(subject.notAfter)))
        case .valid, .renewalDue:
            lines.append(
                texts.text("Valid until %1 (%2 left)", texts.day(subject.notAfter), texts.days(subject.daysLeft)))
        }
        if let successor = subject.successor {
            lines.append(
                successor.hasBegun
                    ? texts.text("Use your new card: it is good until %1.", texts.day(successor.notAfter))
                    : texts.text("Your new card is good from %1.", texts.date(successor.notBefore)))
        } else if subject.phase == .renewalDue {
            lines.append(texts.text("It is time to renew it."))
        }
        if let fault = fault(of: subject) { lines.append(texts.error(fault).what) }
        if subject.revocation.isTrouble { lines.append(state(of: subject.revocation)) }
        return lines.joined(separator: "\n")
    }

    /// The first hindrance that has not been said: those of the dates have, and a seal is no NES by its nature.
    private func fault(of subject: Subject) -> ErrorName? {
        subject.hindrances.first {
            $0 != .certificateNotYetValid && $0 != .certificateExpired
                && !($0 == .notQualified && kind(of: subject) != nil)
        }
    }

    /// Its kind, where that is not a person's signature.
    private func kind(of subject: Subject) -> String? {
        switch subject.kind {
        case .nes, .mobileNES, .other: nil
        case .seal: texts.text("Company's seal")
        case .eSeal: texts.text("Electronic seal")
        case .authentication: texts.text("Certificate for authentication")
        case .encryption: texts.text("Certificate for encryption")
        }
    }

    /// Equal lines (the two certificates of one card often end together) are said once.
    static func unique(_ lines: [String]) -> [String] {
        var seen: Set<String> = []
        return lines.filter { seen.insert($0).inserted }
    }
}
