// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames

/// A request to sign whose fields have been checked: what is not here in a type is in nothing that is signed.
struct SignedRequest {
    let text: SignedText
    let portal: Origin
    let purpose: Purpose
    /// What the prompt shows before the PIN; nil for a mere sign-in.
    let shown: Declaration?

    /// Composes the text (contract/portal.md) for the holder of that number.
    ///
    /// `earlier` is the request signed before in this job: what its prompt showed is what may be signed now.
    init(
        _ request: SignRequest, identity: NationalIdentity, after earlier: SignedRequest?
    ) throws(JobError) {
        guard let purpose = Purpose(rawValue: request.purpose), earlier == nil || purpose == .consent else {
            throw JobError(.invalidArgument, "purpose")
        }
        do { portal = try Origin(request.portal) } catch { throw JobError(.portalUntrusted, "origin") }
        // The origin comes from the configuration in the spelling that is signed; another spelling is another origin.
        guard portal.text == request.portal, earlier == nil || earlier?.portal == portal else {
            throw JobError(.portalUntrusted, "origin")
        }
        let code: VerificationCode
        do { code = try VerificationCode(request.code) } catch { throw JobError(.invalidCode) }
        let announced = request.shown
        let shown = try Self.declaration(announced.decision, announced.statementVersion, announced.statement)
        switch purpose {
        case .login:
            text = .login(portal: portal, identity: identity, code: code)
        case .consent:
            let signed = try Self.declaration(request.decision, request.statementVersion, request.statement)
            guard let signed else { throw JobError(.invalidDecision) }
            guard signed == shown, earlier == nil || earlier?.shown == signed else { throw JobError(.statementChanged) }
            text = .consent(portal: portal, identity: identity, code: code, declaration: signed)
        }
        self.purpose = purpose
        self.shown = shown
    }

    private static func declaration(
        _ decision: String, _ version: String, _ statement: String
    ) throws(JobError) -> Declaration? {
        if decision.isEmpty { return nil }
        guard let decision = Decision(rawValue: decision) else { throw JobError(.invalidDecision) }
        do {
            return try Declaration(decision: decision, version: version, statement: statement)
        } catch {
            throw JobError(.portalUntrusted, "statement \(error.field.rawValue) \(error.reason.rawValue)")
        }
    }
}
