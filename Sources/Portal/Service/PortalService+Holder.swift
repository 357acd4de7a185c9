// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Logging
import PortalContract

extension PortalService {
    /// `POST /session/confirm`: the session's owner proves that it also has the signer's answer.
    ///
    /// - Parameter newToken: the session's token from now on, for a browser.
    func confirm(_ number: String, session: Session, newToken: String? = nil) async throws -> SessionState {
        guard session.state != .ended else { throw PortalProblem(.noSession) }
        let given = keys.digest(ofNumber: String(number.prefix(64)))
        let matches = session.stored.number.map { equalInConstantTime($0, given) } ?? false
        let state = try await store.confirm(
            session: session.stored.id, matches: matches, newToken: newToken.map(keys.digest(ofToken:)))
        events.post(session.stored.id)
        // The right number may be sent twice.
        guard matches, state.isLoggedIn else { throw PortalProblem(state == .ended ? .noSession : .wrongNumber) }
        return state
    }

    /// Whether a session has the token that follows from its token before the sign-in and the number that was typed now.
    ///
    /// The tries are limited for a token and for an address: a thief of the token must not guess the number.
    func isConfirmed(as token: String, from earlier: String, address: String) async throws -> Bool {
        let perToken = Allowance(bucket: keys.bucket("confirmed again", earlier), count: 12, window: 3600)
        let outcome = try await store.isRenewed(
            keys.digest(ofToken: earlier), as: keys.digest(ofToken: token),
            within: guesses("confirmed again", from: address) + [perToken], at: clock.now())
        guard outcome == .renewed else { return false }
        return (try? await loggedIn(token)) != nil
    }

    /// `GET /status`.
    func standing(of session: Session) async throws -> ConsentStanding {
        guard let record = try await store.newestConsent(of: session.stored.identity),
            case .consent(let decision, _) = record.draft.kind
        else { return ConsentStanding(consent: .none, since: nil, reference: nil) }
        // A record that somebody else wrote into the database is nobody's decision.
        guard keys.hasLinked(record) else {
            logger.error("a record is not as it was written: run audit", metadata: ["sequence": "\(record.sequence)"])
            throw PortalProblem.internal
        }
        return ConsentStanding(
            consent: decision == .accept ? .accepted : .declined, since: record.draft.at,
            reference: record.draft.reference)
    }

    /// `GET /consents/REFERENCE`. Another person's record is not found, like one that never was.
    func consent(_ reference: String, session: Session) async throws -> ConsentDocument {
        guard let record = try await store.record(reference), record.draft.identity == session.stored.identity,
            case .consent(let decision, let version) = record.draft.kind
        else { throw PortalProblem(.notFound) }
        let contents = try ConsentContents(record, keys)
        return ConsentDocument(
            reference: reference, decision: decision, at: record.draft.at, statementVersion: version,
            text: contents.text, signature: contents.signature)
    }

    /// `POST /applications`.
    func apply(_ kind: ApplicationKind, session: Session) async throws -> FiledApplication {
        guard let certificate = session.stored.certificate, let end = session.stored.certificateEnd else {
            throw PortalProblem(.notLoggedIn)
        }
        let now = clock.now()
        let standing = try await standing(of: session)
        guard standing.consent == .accepted, let consent = standing.reference else { throw PortalProblem(.noConsent) }
        guard kind == .new || now >= end - rules.renewalDays * 86_400 else { throw PortalProblem(.tooEarly) }
        let reference = Randomness.reference()
        let contents = ApplicationContents(
            identity: try identity(of: session.stored).digits, holder: try holder(of: session), certificateEnd: end)
        let draft = RecordDraft(
            kind: .application(kind: kind, consent: consent, certificate: certificate), reference: reference,
            identity: session.stored.identity, at: now,
            sealed: try contents.sealed(as: reference, keys))
        switch try await store.file(draft) {
        case .filed(let head): logRecord(reference, head)
        case .noConsent: throw PortalProblem(.noConsent)
        case .alreadyFiled: throw PortalProblem(.alreadyFiled)
        }
        metrics.applicationFiled(kind)
        return FiledApplication(reference: reference, kind: kind, consent: consent, at: now)
    }

    /// `GET /applications`.
    func applications(of session: Session) async throws -> [FiledApplication] {
        try await store.applications(of: session.stored.identity).compactMap { record in
            guard case .application(let kind, let consent, _) = record.draft.kind else { return nil }
            return FiledApplication(
                reference: record.draft.reference, kind: kind, consent: consent, at: record.draft.at)
        }
    }

    /// The holder's name as the certificate has it; empty before a login.
    func holder(of session: Session) throws -> String {
        guard let sealed = session.stored.sealedHolder else { return "" }
        return String(decoding: try keys.open(sealed, context: Self.holderContext), as: UTF8.self)
    }
}
