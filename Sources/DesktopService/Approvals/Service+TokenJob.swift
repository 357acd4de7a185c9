// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import EventLoops
import JobFrames
import Jobs
import SystemBasics
import Texts

/// The token job of an approval: it asks the PIN and signs.
extension Service {
    /// - Parameter isSecond: The first job's module said no more than "something"; nobody has been asked for a PIN yet.
    func prepareToken(of approval: Approval, isSecond: Bool = false) {
        guard let token = cards.token(holding: approval.request.certificate) else {
            // Not from within an effect.
            return task { self.handle(.tokenRemoved, of: approval) }
        }
        var request = PrepareRequest(
            module: token.module, reader: token.reader.octets, certificateId: approval.request.certificate,
            expectedIdentity: approval.request.identity,
            prompt: approval.options.prompt(pinentry: parts.configuration.pinentry),
            finalTry: approval.request.finalTry,
            seenPINState: token.seenPINState,
            locale: approval.options.locale ?? parts.texts.language.rawValue, timeZone: parts.texts.zone.name,
            rivals: cards.rivals(of: token).map { CardReading.Rival($0).described(to: token.module, kin: []) })
        var isPreparing = true
        let dialogue = TokenDialogue(on: loop, isLast: \.isLast) { news in
            let isAboutReadiness = isPreparing
            isPreparing = false
            switch news {
            case .reply(.failed(let failure)) where isAboutReadiness && !isSecond && failure.module == .vague:
                // Such a module mostly does better in a fresh job.
                approval.token?.kill()
                self.prepareToken(of: approval, isSecond: true)
            case .reply(let reply):
                // The job has its own by now; keeping ours would keep a pipe's writer from seeing its end.
                (approval.options.pin, approval.options.terminal) = (nil, nil)
                self.took(reply, of: approval)
            case .lost(let error): self.lostToken(error, of: approval)
            }
        }
        approval.token = dialogue
        let patience = Duration.seconds(parts.configuration.listDeadline)
        // The caller's descriptors stay open until the job has its copies, whatever becomes of the approval meanwhile: a number that was closed
        // may be another file's by then.
        let descriptors = approval.descriptors
        var handles = [approval.options.pin, approval.options.terminal]
        task {
            // Before the question is put: one to a dialogue that has ended meanwhile is put to nobody.
            request.display = await self.display(for: approval)
            dialogue.ask(.prepare(request), within: patience)
            await dialogue.converse(startingWithin: patience) { () async throws(JobError) in
                defer {
                    withExtendedLifetime(handles) {}
                    handles = []
                }
                return try await self.parts.jobs.startToken(deadline: nil, descriptors: descriptors)
            }
        }
    }

    /// A module says that the card has gone. PC/SC alone knows, and says so by itself; else it is the module that failed.
    private func doubtRemoval(_ detail: String, of approval: Approval) {
        task {
            try? await self.loop.pause(for: Cards.removalPatience)
            self.handle(.tokenFailed(ApprovalFailure(.tokenFailed, detail: detail)), of: approval)
        }
    }

    func sign(_ order: SigningOrder, of approval: Approval) {
        let request = SignRequest(
            order, portal: approval.request.portal, requester: approval.requester?.name ?? "",
            signingTime: parts.alarm.now(), confirms: approval.options.confirms && order.step == 1,
            filesRenewal: approval.request.kind == .renew)
        approval.token?.ask(
            .sign(request), within: .seconds(Int64(order.secondsLeft)) + parts.patience.tokenFarewell)
    }

    private func took(_ reply: TokenReply, of approval: Approval) {
        switch reply {
        case .prepared(let prepared): took(prepared, of: approval)
        case .progress(.waitingForPIN): handle(.promptShown, of: approval)
        case .progress(.signing):
            pinWasRight(for: approval)
            handle(.pinAccepted, of: approval)
        case .signed(let signature): handle(.signed(signature), of: approval)
        case .failed(let failure):
            if failure.name == .tokenRemoved { return doubtRemoval(failure.detail, of: approval) }
            let event = ApprovalEvent.tokenFailed(ApprovalFailure(failure))
            guard let state = failure.pinState else { return handle(event, of: approval) }
            // First on disk, then said: whoever hears of it may end the service.
            let number = approval.number
            pinWasWrong(state, for: approval) { $0.handle(event, ofNumber: number) }
        case .modules, .listed, .inspected, .verified:
            handle(.tokenFailed(ApprovalFailure(.internal, detail: "an answer to another question")), of: approval)
        }
    }

    private func took(_ prepared: PreparedSigner, of approval: Approval) {
        (approval.certificate, approval.issuer) = (prepared.certificate, prepared.issuer)
        let signer = ApprovalSigner(
            identity: prepared.identity, pinState: prepared.pinState,
            namesResponder: namesResponder(approval.request.certificate))
        handle(.prepared(signer), of: approval)
    }

    private func lostToken(_ error: JobError, of approval: Approval) {
        parts.log.warning("a token job failed: \(error)")
        let name: ErrorName = error.code == .exhausted ? .limitExceeded : .tokenFailed
        handle(.tokenFailed(ApprovalFailure(name, detail: error.description)), of: approval)
    }
}

extension TokenReply {
    /// Progress comes before a signature.
    fileprivate var isLast: Bool {
        if case .progress = self { false } else { true }
    }
}

extension ApprovalFailure {
    /// Programs find what a wrong PIN left behind the module's own words.
    fileprivate init(_ failure: JobFailure) {
        let left = failure.name == .pinIncorrect ? failure.pinState?.rawValue : nil
        self.init(failure.name, detail: [failure.detail, left].compactMap { $0 }.joined(separator: " "))
    }
}

extension Approval {
    /// What the token job is given besides the conversation (JobFrames' `PrepareRequest`).
    fileprivate var descriptors: [Int32: Int32] {
        var descriptors: [Int32: Int32] = [:]
        if let pin = options.pin { descriptors[4] = pin.rawValue }
        if let terminal = options.terminal { descriptors[5] = terminal.rawValue }
        return descriptors
    }
}
