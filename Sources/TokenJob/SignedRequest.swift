// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames

/// A request to sign that agrees with itself and with what was signed before.
struct SignedRequest {
    let text: SignedText
    let portal: Origin
    let purpose: Purpose
    /// The text that the prompt shows before the PIN; nil for a mere sign-in.
    let shown: Declaration?

    /// Composes the text (contract/portal.md) for the holder of that number.
    ///
    /// `earlier` is the request signed before in this job: what its prompt showed is what may be signed now.
    init(
        _ request: SignRequest, identity: NationalIdentity, after earlier: SignedRequest?
    ) throws(JobFailure) {
        let order = request.order
        (portal, purpose, shown) = (request.portal, order.purpose, order.shown)
        guard earlier == nil || purpose == .consent else { throw JobFailure(.invalidArgument, "purpose") }
        guard earlier == nil || earlier?.portal == portal else { throw JobFailure(.portalUntrusted, "origin") }
        switch purpose {
        case .login:
            text = .login(portal: portal, identity: identity, code: order.code)
        case .consent:
            guard let signed = order.declaration else { throw JobFailure(.invalidDecision) }
            guard signed == shown, earlier == nil || earlier?.shown == signed else {
                throw JobFailure(.statementChanged)
            }
            text = .consent(portal: portal, identity: identity, code: order.code, declaration: signed)
        }
    }
}
