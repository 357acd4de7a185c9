// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import EventLoops
import JobFrames
import Jobs
import Texts

/// The token job of an approval: it asks the PIN and signs.
extension Service {
    /// How much longer than the code a job may live: to say that the time is over, and to log out.
    private static let grace: Duration = .seconds(15)

    func prepareToken(of approval: Approval) {
        approval.tokenGeneration += 1
        let generation = approval.tokenGeneration
        guard let token = token(of: approval.request.certificate) else { return tokenGone(approval, generation) }
        var request = PrepareRequest(
            module: token.module, reader: token.reader.octets, certificateId: approval.request.certificate,
            expectedIdentity: approval.request.identity?.digits,
            prompt: approval.options.prompt(pinentry: parts.configuration.pinentry),
            finalTry: approval.request.finalTry,
            seenPINState: .init(rawValue: token.seenPINState.rawValue) ?? .unknown,
            locale: approval.options.locale ?? parts.texts.language.rawValue, timeZone: parts.texts.zone.name,
            rivals: rivals(of: token).map { CardReading.Rival($0).described(to: token.module, kin: []) })
        let descriptors = approval.descriptors
        task {
            request.display = await self.display(for: approval)
            guard approval.tokenGeneration == generation else { return }
            do throws(JobError) {
                var reply = try await self.ask(request, of: approval, generation, descriptors)
                // Nobody was asked for a PIN yet, and a module that says no more than "something" mostly does better in a fresh job.
                if case .failed(let failure)? = reply, failure.isVague {
                    await approval.token?.job.kill()
                    reply = try await self.ask(request, of: approval, generation, descriptors)
                }
                guard let reply, approval.tokenGeneration == generation else { return }
                // The job has its own by now; keeping ours would keep a pipe's reader from seeing its end.
                (approval.options.pin, approval.options.terminal) = (nil, nil)
                await approval.token?.job.limit(to: nil)
                self.took(reply, of: approval, generation)
            } catch {
                self.lostToken(error, of: approval, generation)
            }
        }
    }

    /// Asks a fresh job; nil where the approval has done with it meanwhile.
    private func ask(
        _ request: PrepareRequest, of approval: Approval, _ generation: Int, _ descriptors: [Int32: Int32]
    ) async throws(JobError) -> TokenReply? {
        guard approval.tokenGeneration == generation else { return nil }
        let job = try await parts.jobs.startToken(
            deadline: .seconds(parts.configuration.listDeadline), descriptors: descriptors)
        guard approval.tokenGeneration == generation else {
            await job.job.kill()
            return nil
        }
        approval.token = job
        return try await job.ask(.prepare(request))
    }

    /// A module says that the card has gone. PC/SC alone knows, and says so by itself; else it is the module that failed.
    private func doubtRemoval(_ detail: String, of approval: Approval, _ generation: Int) {
        task {
            try? await self.loop.pause(for: Self.removalPatience)
            guard approval.tokenGeneration == generation else { return }
            self.handle(.tokenFailed(ApprovalFailure(.tokenFailed, detail: detail)), of: approval)
        }
    }

    private func tokenGone(_ approval: Approval, _ generation: Int) {
        task {
            guard approval.tokenGeneration == generation else { return }
            self.handle(.tokenRemoved, of: approval)
        }
    }

    func sign(_ order: SigningOrder, of approval: Approval) {
        let generation = approval.tokenGeneration
        guard let job = approval.token else { return tokenGone(approval, generation) }
        let request = SignRequest(
            order, portal: approval.request.portal, requester: approval.requester ?? "",
            confirms: approval.options.confirms && order.step == 1, filesRenewal: approval.request.kind == .renew,
            at: parts.alarm.now())
        task {
            do throws(JobError) {
                await job.job.limit(to: .seconds(Int64(order.secondsLeft)) + Self.grace)
                try await job.send(.sign(request))
                repeat {
                    let reply = try await job.receive()
                    self.took(reply, of: approval, generation)
                    guard case .progress = reply else { return }
                } while approval.tokenGeneration == generation
            } catch {
                self.lostToken(error, of: approval, generation)
            }
        }
    }

    /// - Parameter atOnce: kill it, and its prompt with it; else it logs out and ends by itself.
    func endToken(of approval: Approval, atOnce: Bool) {
        approval.tokenGeneration += 1
        guard let job = approval.token?.job else { return }
        approval.token = nil
        task {
            if atOnce { return await job.kill() }
            await job.limit(to: Self.grace)
            await job.close()
            _ = await job.ended()
        }
    }

    private func took(_ reply: TokenReply, of approval: Approval, _ generation: Int) {
        guard approval.tokenGeneration == generation else { return }
        switch reply {
        case .prepared(let prepared): took(prepared, of: approval)
        case .progress(.waitingForPIN): handle(.promptShown, of: approval)
        case .progress(.signing):
            pinWasRight(for: approval)
            handle(.pinAccepted, of: approval)
        case .signed(let signature): handle(.signed(signature), of: approval)
        case .failed(let failure):
            let error = ErrorName(rawValue: failure.code) ?? .internal
            if error == .tokenRemoved { return doubtRemoval(failure.detail, of: approval, generation) }
            let event = ApprovalEvent.tokenFailed(ApprovalFailure(error, detail: failure.detail))
            guard let state = failure.pinState else { return handle(event, of: approval) }
            // First on disk, then said: whoever hears of it may end the service.
            let number = approval.number
            pinWasWrong(state, for: approval) { $0.handle(event, ofNumber: number) }
        case .modules, .listed, .inspected, .verified:
            handle(.tokenFailed(ApprovalFailure(.internal, detail: "an answer to another question")), of: approval)
        }
    }

    private func took(_ prepared: Prepared, of approval: Approval) {
        guard let identity = try? NationalIdentity(certified: prepared.identity) else {
            // A certificate without a person's number is nobody's at the portal.
            return handle(.tokenFailed(ApprovalFailure(.notQualified, detail: "no-identity")), of: approval)
        }
        let state = PINState(rawValue: prepared.pinState.rawValue) ?? .unknown
        (approval.certificate, approval.issuer) = (prepared.certificate, prepared.issuerChain.first ?? [])
        let signer = ApprovalSigner(
            identity: identity, pinState: state, namesResponder: namesResponder(approval.request.certificate))
        handle(.prepared(signer), of: approval)
    }

    private func lostToken(_ error: JobError, of approval: Approval, _ generation: Int) {
        guard approval.tokenGeneration == generation else { return }
        parts.log.warning("a token job failed: \(error)")
        handle(.tokenFailed(ApprovalFailure(.tokenFailed, detail: error.description)), of: approval)
    }
}

extension JobFailure {
    /// What a failed login has left of the PIN; the job says it last in the detail.
    fileprivate var pinState: PINState? {
        switch ErrorName(rawValue: code) {
        case .pinLocked: .locked
        case .pinIncorrect: detail.split(separator: " ").last.flatMap { PINState(rawValue: String($0)) } ?? .countLow
        default: nil
        }
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

extension SignRequest {
    fileprivate init(
        _ order: SigningOrder, portal: Origin, requester: String, confirms: Bool, filesRenewal: Bool,
        at now: Int64
    ) {
        self.init(
            purpose: order.purpose.rawValue, portal: portal.text, code: order.code.digits,
            decision: order.declaration?.decision.rawValue ?? "", statementVersion: order.declaration?.version ?? "",
            statement: order.declaration?.statement ?? "", shown: ShownDeclaration(order.shown), requester: requester,
            deadline: order.deadline, secondsLeft: order.secondsLeft, step: order.step, steps: order.steps,
            signingTime: now, confirms: confirms, filesRenewal: filesRenewal)
    }
}

extension ShownDeclaration {
    fileprivate init(_ declaration: Declaration?) {
        self.init(
            decision: declaration?.decision.rawValue ?? "", statement: declaration?.statement ?? "",
            statementVersion: declaration?.version ?? "")
    }
}
