// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// Finds the certificate of a person who names none. Where there is time for a card to be put in, waits while a card can still
/// decide it: the service has only just started, a card is being read, or there are two cards of which neither is in.
struct CertificateSearch {
    let service: ServiceClient
    /// The seconds that a card may be waited for; 0 for none.
    let seconds: UInt32

    /// The id to pass on. Throws what hinders all that there are, at the latest when the time is over.
    ///
    /// - Parameter waiting: called once, when it turns out that a card has to be put in.
    func id(waiting: () async -> Void) async throws -> String {
        guard seconds > 0 else { return try await look().id() }
        // The signals are heard from before the first look, so that none is missed in between.
        let news = ServiceEvents(on: service.bus.loop, keepsNewestOnly: true)
        try await news.addSignals(of: service, .service)
        news.end(after: .seconds(Int64(seconds)))
        var events = news.events.makeAsyncIterator()
        var hasAsked = false
        while true {
            let choice = try await look()
            let reason: Failure
            do { return try choice.id() } catch let failure as Failure where choice.mayChange(failure) {
                reason = failure
            }
            if !hasAsked, !choice.isBeingRead {
                hasAsked = true
                await waiting()
            }
            guard await events.next() != nil else { throw reason }
        }
    }

    private func look() async throws -> CertificateChoice {
        CertificateChoice(
            objects: try await service.objects(), watcher: try await service.watcher(), waits: seconds > 0)
    }
}

/// The certificate to sign with, among all that the service knows.
///
/// The service takes "" for the one that can do it, and answers NoCertificate where none can. This looks up the reason: a person
/// whose only card has expired shall read just that.
struct CertificateChoice {
    let objects: ServiceSnapshot
    let watcher: WatcherStatus
    /// Whether the card may still come.
    let waits: Bool

    /// The id to pass on. Throws what hinders all that there are.
    func id() throws -> String {
        let able = objects.certificates.filter(\.hindrances.isEmpty)
        let choice = able.contains(where: \.isPresent) ? able.filter(\.isPresent) : able
        // Of an old card and its successor, both of which are good for now, the new one is meant.
        let newest = choice.filter { old in !choice.contains { $0.id == old.successor } }
        guard newest.count <= 1 else { throw Failure(.ambiguousCertificate, subject: Self.list(newest)) }
        if let only = newest.first {
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
    private func hindered() throws -> ServiceCertificate {
        let present = objects.certificates.filter(\.isPresent)
        if present.isEmpty, let trouble { throw trouble }
        let near = present.isEmpty ? objects.certificates : present
        let nearest = near.contains(where: \.isQualified) ? near.filter(\.isQualified) : near
        guard let first = nearest.first else { throw Failure(.noCertificate) }
        guard nearest.count > 1 || !first.isPresent else { return first }
        // Several, or a card that need not even be put in: report the hindrance at once.
        throw first.hindrances.first.map { ServiceFault($0).failure } ?? Failure(.noCertificate)
    }

    /// The error that keeps a card from being seen.
    private var trouble: Failure? {
        if let trouble = watcher.trouble { return Failure(trouble) }
        guard let troubled = objects.tokens.first(where: { !$0.error.isEmpty }) else { return nil }
        let failure = troubled.error.failure
        return Failure(
            failure.code, subject: troubled.heldBy, detail: failure.detail, sentence: failure.sentence)
    }

    private static func list(_ certificates: [ServiceCertificate]) -> String {
        // Ids alone: names have no place in an error's text, which ends up in logs.
        let ids = ShortIDs(certificates.map(\.id))
        return certificates.map { ids.short($0.id) }.joined(separator: ", ")
    }
}
