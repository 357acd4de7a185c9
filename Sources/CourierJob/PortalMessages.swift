// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
internal import JobFrames
internal import PortalContract

// The portal's messages as the frames carry them: both have a type for each, so the modules' names stand before them.

extension JobFrames.Statement {
    init(_ statement: PortalContract.Statement) {
        self.init(version: statement.version, accept: statement.accept, decline: statement.decline)
    }
}

extension JobFrames.Challenge {
    init(_ challenge: PortalContract.Challenge) {
        self.init(
            code: challenge.code, purpose: challenge.purpose.rawValue, portal: challenge.portal,
            issuedAt: challenge.issuedAt, expiresAt: challenge.expiresAt,
            expiresIn: UInt32(clamping: challenge.expiresIn), decision: challenge.declared?.decision.rawValue ?? "",
            statementVersion: challenge.declared?.version ?? "", statement: challenge.declared?.statement ?? "")
    }
}

extension Submission {
    init(_ receipt: PortalReceipt) {
        switch receipt {
        case .signedIn(let number):
            self.init(
                purpose: Purpose.login.rawValue, result: SubmissionAnswer.Result.signed.rawValue, number: number,
                reference: "")
        case .recorded(let reference):
            self.init(
                purpose: Purpose.consent.rawValue, result: SubmissionAnswer.Result.recorded.rawValue, number: "",
                reference: reference)
        }
    }
}

extension ConsentStatus {
    init(_ standing: ConsentStanding) {
        self.init(
            consent: standing.consent.rawValue, since: standing.since ?? 0, reference: standing.reference ?? "")
    }
}

extension ConsentRecord {
    init(_ document: ConsentDocument) {
        self.init(
            reference: document.reference, decision: document.decision.rawValue, at: document.at,
            statementVersion: document.statementVersion, text: document.text, signature: document.signature)
    }
}
