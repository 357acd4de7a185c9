// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import EOnayCore
import Foundation
import Logging
import PortalContract
import Signatures
import SystemBasics

extension PortalService {
    /// `POST /codes/CODE/signature`. The order of judgement is the contract's.
    func submit(_ signature: [UInt8], under text: String, address: String) async throws -> SubmissionAnswer {
        guard signature.count <= PortalLimits.bodyBytes else { throw PortalProblem(.tooLarge) }
        do {
            return try await judged(signature, under: text, address: address)
        } catch let problem as PortalProblem {
            metrics.signatureJudged(problem.name)
            throw problem
        }
    }

    private func judged(_ signature: [UInt8], under text: String, address: String) async throws -> SubmissionAnswer {
        let digest = Data(SHA256.hash(data: signature))
        let known = try await look(up: text, address: address)
        if let answer = try answerGivenBefore(known.code, known.session, known.digits, digest, clock.now()) {
            return answer
        }
        let isOld = try await queue.enter(known.code.digest, until: known.code.expiresAt, at: clock.now())
        do {
            let now = isOld ? try await store.code(known.code.digest) : (known.code, known.session)
            guard let (code, session) = now else { throw PortalProblem(.unknownCode) }
            let answer = try await judgedInTurn(signature, digest, under: known.digits, code, session)
            await queue.leave(known.code.digest)
            return answer
        } catch {
            await queue.leave(known.code.digest)
            throw error
        }
    }

    /// Judges under the code as it is when it is this signature's turn.
    private func judgedInTurn(
        _ signature: [UInt8], _ digest: Data, under digits: VerificationCode, _ code: StoredCode,
        _ session: StoredSession
    ) async throws -> SubmissionAnswer {
        let now = clock.now()
        if let answer = try answerGivenBefore(code, session, digits, digest, now) { return answer }
        guard code.isOpen(at: now), session.livesUntil > now, session.state != .ended else {
            throw PortalProblem(.codeLapsed)
        }

        let identity = try self.identity(of: session)
        let expected = try await self.text(of: code, digits, identity)
        let judgement: SignatureJudgement
        do {
            judgement = try await judge.judge(signature, identity: identity, text: expected.bytes, at: now)
        } catch let problem as PortalProblem {
            // A responder that does not answer refuses nothing: the signature may be good.
            try await store.refuse(
                code.digest, because: problem.refusal, counts: problem != PortalProblem(.revocationUnknown))
            events.post(session.id)
            throw problem
        }

        let outcome: UseOutcome
        var reference: String?
        switch code.declared {
        case nil:
            outcome = try await store.use(
                loginCode: code.digest, by: digest, signer: signer(judgement, digits), at: clock.now())
        case let declared?:
            let draft = try record(judgement, signature, expected.text, declared, session, at: now)
            outcome = try await store.use(
                consentCode: code.digest, by: digest, record: draft,
                lists: judgement.revocation.lists, at: clock.now())
            reference = draft.reference
        }
        switch outcome {
        case .used(let head):
            metrics.codeUsed(code.purpose)
            metrics.signatureJudged("good")
            if let reference, let head { logRecord(reference, head) }
            events.post(session.id)
            return answer(code.purpose, digits, reference)
        case .taken:
            // Another signature came first, or the code lapsed while this one was judged.
            guard let (code, session) = try await store.code(code.digest) else {
                throw PortalProblem(.unknownCode)
            }
            if let answer = try answerGivenBefore(code, session, digits, digest, clock.now()) { return answer }
            throw PortalProblem(.codeLapsed)
        }
    }

    /// The same octets under a used code get the same answer while the session lives; others get code-used.
    private func answerGivenBefore(
        _ code: StoredCode, _ session: StoredSession, _ digits: VerificationCode, _ digest: Data, _ now: Int64
    ) throws -> SubmissionAnswer? {
        guard let usedBy = code.usedBy else { return nil }
        guard usedBy == digest, session.livesUntil > now, session.state != .ended else {
            throw PortalProblem(.codeUsed)
        }
        return answer(code.purpose, digits, code.reference)
    }

    private func answer(_ purpose: Purpose, _ digits: VerificationCode, _ reference: String?) -> SubmissionAnswer {
        switch purpose {
        case .login:
            SubmissionAnswer(purpose: .login, result: .signed, number: keys.number(for: digits), reference: nil)
        case .consent:
            SubmissionAnswer(purpose: .consent, result: .recorded, number: nil, reference: reference)
        }
    }

    /// The text that the code stands for, composed from the portal's own records.
    private func text(
        of code: StoredCode, _ digits: VerificationCode, _ identity: NationalIdentity
    ) async throws -> SignedText {
        guard let choice = code.declared else {
            return SignedText.login(portal: rules.origin.value, identity: identity, code: digits)
        }
        let declaration = try Declaration(
            decision: choice.decision, version: choice.version, statement: try await statement(of: choice))
        return SignedText.consent(
            portal: rules.origin.value, identity: identity, code: digits, declaration: declaration)
    }

    private func signer(_ judgement: SignatureJudgement, _ digits: VerificationCode) throws -> LoginSigner {
        LoginSigner(
            number: keys.digest(ofNumber: keys.number(for: digits)),
            certificate: keys.digest(ofCertificate: judgement.certificate.id),
            certificateEnd: judgement.certificate.notAfter,
            sealedHolder: try keys.seal(
                Data(IdentityMask.masked(judgement.certificate.holder).utf8), context: Self.holderContext))
    }

    private func record(
        _ judgement: SignatureJudgement, _ signature: [UInt8], _ text: String, _ declared: StoredCode.DeclaredVersion,
        _ session: StoredSession, at now: Int64
    ) throws -> RecordDraft {
        let reference = Randomness.reference()
        let contents = ConsentContents(
            text: text, signature: signature, chain: judgement.chain.map(\.der), signingTime: judgement.signingTime,
            revocation: judgement.revocation)
        return RecordDraft(
            kind: .consent(decision: declared.decision, statementVersion: declared.version), reference: reference,
            identity: session.identity, at: now,
            sealed: try contents.sealed(as: reference, keys))
    }

    /// The log names each link, so that it shows if the chain is cut off at its end.
    func logRecord(_ reference: String, _ head: ChainHead) {
        logger.notice(
            "recorded",
            metadata: [
                "reference": "\(reference)", "sequence": "\(head.sequence)",
                "link": "\(Base64.encode(head.link))",
            ])
    }
}
