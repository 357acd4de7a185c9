// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
internal import PortalContract

/// Handing in a signature, the one call whose answer must not be lost.
///
/// The contract answers the same octets under a used code as it did before, while the session lives. So an answer that
/// did not come is asked for again, at once and once; more patience is the caller's. What a repetition can find is a
/// code that is no longer taken, and that alone does not say whether these very octets ended it: the session says.
extension PortalClient {
    /// Posts a signature (CMS in DER) under its code.
    public func submit(_ signature: [UInt8], under code: VerificationCode) throws(PortalFailure) -> PortalReceipt {
        let isRepetition = unanswered.map { $0.code == code && $0.signature == signature } ?? false
        do { return try post(signature, code, isRepetition: isRepetition) } catch .unreachable(let detail) {
            guard unanswered != nil, !isRepetition else { throw .unreachable(detail) }
            return try post(signature, code, isRepetition: true)
        }
    }

    private func post(
        _ signature: [UInt8], _ code: VerificationCode, isRepetition: Bool
    ) throws(PortalFailure) -> PortalReceipt {
        do {
            let body = try answer(
                .post, PortalPath.signature(code), body: (PortalMediaType.signature, signature), isSentOnce: true,
                success: 200)
            let taken: SubmissionAnswer = try Self.value(body)
            let receipt = try trust { () throws(ApprovalFailure) in
                try PortalReceipt(
                    purpose: taken.purpose.rawValue, result: taken.result.rawValue, number: taken.number ?? "",
                    reference: taken.reference ?? "")
            }
            unanswered = nil
            return receipt
        } catch .problem(let name) where isRepetition && [.unknownCode, .codeLapsed, .codeUsed].contains(name) {
            return try recorded(orElse: name)
        } catch .problem(let name) {
            unanswered = nil
            throw .problem(name)
        } catch .suspended {
            unanswered = nil
            throw .suspended
        } catch {
            if isRepetition || mayHaveArrived { unanswered = (code, signature) }
            throw error
        }
    }

    /// What the session knows of the octets whose code is gone.
    private func recorded(orElse problem: ProblemName) throws(PortalFailure) -> PortalReceipt {
        guard session != nil else { throw .unreachable("answer-unclear") }
        let status: SessionStatus
        do { status = try read(.get, PortalPath.session) } catch { throw .unreachable("answer-unclear") }
        switch status.state {
        case .recorded:
            unanswered = nil
            return try trust { () throws(ApprovalFailure) in
                try PortalReceipt(
                    purpose: "consent", result: "recorded", number: "", reference: status.reference ?? "")
            }
        case .login, .loggedIn, .consent:
            unanswered = nil
            throw .problem(problem)
        case .confirm, .ended: throw .unreachable("answer-unclear")
        }
    }
}
