// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore

/// Finds the certificate that a person means who names none.
///
/// The service takes "" for the one that can do it, and answers NoCertificate where none can. Here it is looked up why: a person
/// whose only card has expired shall hear just that.
struct Candidate {
    let objects: ServiceObjects
    let watcher: WatcherStatus
    /// Whether the card may still come.
    let waits: Bool

    /// The id to pass on. Throws what hinders all that there are.
    func id() throws -> String {
        let able = objects.certificates.filter(\.hindrances.isEmpty)
        let choice = able.contains(where: \.isPresent) ? able.filter(\.isPresent) : able
        guard choice.count <= 1 else { throw Failure(.ambiguousCertificate, subject: Self.list(choice)) }
        if let only = choice.first {
            if !only.isPresent, !waits, let trouble { throw trouble }
            return only.id
        }
        return try hindered().id
    }

    /// Whether a card that may still come, or is being read, could take that reason away.
    func mayChange(_ failure: Failure) -> Bool {
        if isBeingRead { return true }
        return failure == Failure(.ambiguousCertificate) && !objects.certificates.contains(where: \.isPresent)
    }

    /// The service has just started, or a card is in of which nothing is known yet.
    var isBeingRead: Bool {
        watcher.state == "starting" || objects.tokens.contains { $0.certificates.isEmpty && $0.error.isEmpty }
    }

    /// None can do it, so the one that comes nearest: on a card in a reader, qualified.
    private func hindered() throws -> CertificateObject {
        let present = objects.certificates.filter(\.isPresent)
        if present.isEmpty, let trouble { throw trouble }
        let near = present.isEmpty ? objects.certificates : present
        let nearest = near.contains(where: \.isQualified) ? near.filter(\.isQualified) : near
        guard let first = nearest.first else { throw Failure(.noCertificate) }
        guard nearest.count > 1 || !first.isPresent else { return first }
        // Several, or a card that need not even be put in: what hinders is told at once.
        throw first.hindrances.first.map { ToldError(name: $0).failure } ?? Failure(.noCertificate)
    }

    /// What keeps a card from being seen.
    private var trouble: Failure? {
        if let trouble = watcher.trouble { return Failure(trouble) }
        guard let troubled = objects.tokens.first(where: { !$0.error.isEmpty }) else { return nil }
        let failure = troubled.trouble.failure
        return Failure(
            failure.code, subject: troubled.heldBy, detail: failure.detail, sentence: failure.sentence)
    }

    private static func list(_ certificates: [CertificateObject]) -> String {
        // Ids alone: names have no place in an error's text, which ends up in logs.
        let ids = ShortIDs(certificates.map(\.id))
        return certificates.map { ids.short($0.id) }.joined(separator: ", ")
    }
}
