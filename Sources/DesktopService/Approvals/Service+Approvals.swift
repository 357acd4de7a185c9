// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import Store

/// Approvals begin.
extension Service {
    static let mostUnfinished = 16
    static let mostEnded = 64
    /// What its two jobs, their start and the record need at most.
    private static let descriptorsOfAnApproval = 24
    /// Seconds that an approval's object stays after its end.
    static let afterlife: Int64 = 600

    /// Begins an approval, or finds the one that the same handle-token began.
    ///
    /// `fingerprint` tells two calls apart. Throws what memory alone can refuse (`ServiceError`).
    func begin(
        _ kind: ApprovalRequest.Kind, certificate reference: String, options: ApprovalOptions, fingerprint: [UInt8],
        caller: String
    ) throws -> ObjectPath {
        cards.lookAgainIfDenied()
        let now = parts.alarm.now()
        if let token = options.handleToken, let number = handleTokens.number(of: token, at: now) {
            guard let known = approvals[number] else {
                throw ServiceError(.invalidArgument, detail: "option handle-token")
            }
            guard known.fingerprint == fingerprint else {
                throw ServiceError(.invalidArgument, detail: "option handle-token")
            }
            return known.path
        }
        try journal.requireKept()
        let asksPerson = options.asksPerson && caller != parts.bus.uniqueName
        let requester = Requester(connection: caller, isPage: options.confirms)
        if asksPerson, let left = secondsUntilPrompt(of: requester) {
            throw ServiceError(.promptDeferred, detail: "\(left)")
        }
        let certificate: String
        do { certificate = try registry.resolve(reference, at: now, isPresent: isPresent) } catch {
            throw ServiceError(error == .noCertificate ? cards.trouble ?? error : error)
        }
        let portal = try portal(options.portal)
        let unfinished = approvals.values.filter { !$0.status.isOver }
        guard !unfinished.contains(where: { uses($0, sameCardAs: certificate) }) else {
            throw ServiceError(.tokenBusy, detail: ApprovalFailure.anotherApproval)
        }
        guard unfinished.count < Self.mostUnfinished else { throw ServiceError(.limitExceeded) }
        guard Descriptors.haveRoom(for: Self.descriptorsOfAnApproval + parts.bus.lentDescriptors) else {
            throw ServiceError(.limitExceeded, detail: "descriptors")
        }

        let request = ApprovalRequest(
            kind: kind, certificate: certificate, portal: portal, identity: options.identity, wait: options.wait,
            finalTry: options.finalTry, isBound: options.isBound)
        let number = try journal.nextApprovalNumber()
        let approval = Approval(
            number: number, path: Self.approvalPath(number, options.handleToken), handleToken: options.handleToken,
            fingerprint: fingerprint, options: options, startedAt: now, machine: ApprovalMachine(request),
            identityKey: registry[certificate]?.known.identityKey ?? [], asksPerson: asksPerson)
        approvals[number] = approval
        if let token = options.handleToken { handleTokens.begin(token, number: number) }
        try export(approval)
        start(approval, caller: caller)
        return approval.path
    }

    /// Two approvals would fight over one card, whichever of its certificates they use.
    func uses(_ approval: Approval, sameCardAs certificate: String) -> Bool {
        guard approval.request.certificate != certificate else { return true }
        guard let token = cards.token(holding: certificate) else { return false }
        return cards.token(holding: approval.request.certificate)?.number == token.number
    }

    func isPresent(_ certificate: String) -> Bool { cards.token(holding: certificate) != nil }

    private func portal(_ name: String?) throws -> Origin {
        guard let name else {
            guard let first = parts.configuration.portals.first else { throw ServiceError(.portalNotConfigured) }
            return first.origin
        }
        guard let origin = try? Origin(name), parts.configuration.portals.contains(where: { $0.origin == origin })
        else {
            throw ServiceError(.portalNotConfigured)
        }
        return origin
    }

    /// Asks who the caller is before the answer goes out, because busctl leaves with it. The approval begins when that is
    /// known and its record is on disk: one that a crash could make forgotten shall ask nobody for a PIN.
    private func start(_ approval: Approval, caller: String) {
        let number = approval.number
        let record = stored(approval)
        let isPage = approval.options.confirms
        parts.bus.credentials(of: caller) { [weak self] credentials in
            let requester = Requester(connection: caller, process: credentials?.process, isPage: isPage)
            self?.assumeIsolated { service in
                guard let approval = service.approvals[number] else { return }
                approval.requester = requester
                service.watchCaller(caller, of: approval)
                service.deferPrompt(of: approval)
                if approval.isRemembered { service.beginWithCard(approval) }
            }
        }
        write("an approval") {
            try await $0.insert(record)
        } done: { service, isStored in
            guard let approval = service.approvals[number] else { return }
            if !isStored {
                approval.wasRefusedByDisk = true
                return service.handle(.storeFailed, of: approval)
            }
            approval.isRemembered = true
            if approval.requester != nil { service.beginWithCard(approval) }
        }
        certificateStatusChanged(approval)
    }

    private func watchCaller(_ caller: String, of approval: Approval) {
        guard approval.options.isBound else { return }
        let number = approval.number
        approval.callerWatch = parts.bus.watchName(caller) { [weak self] owner in
            guard owner == nil else { return }
            self?.assumeIsolated { $0.handle(.callerLeft, ofNumber: number) }
        }
    }

    /// A button was pressed: as the call of the bus, with time to put the card in.
    func beginFromNotice(_ kind: ApprovalRequest.Kind, _ certificate: String, portal: String? = nil) {
        var options = ApprovalOptions()
        options.wait = 300
        options.portal = portal
        do {
            _ = try begin(
                kind, certificate: certificate, options: options, fingerprint: [], caller: parts.bus.uniqueName)
        } catch {
            parts.log.notice("an approval could not begin: \(error), continuing")
            showRefusal((error as? ServiceError)?.name ?? .internal)
        }
    }

    /// The approval as the store keeps it.
    func stored(_ approval: Approval) -> StoredApproval {
        let status = approval.status
        let (kind, code): (StoredApproval.Kind, String) =
            switch approval.request.kind {
            case .approve: (.approve, "")
            case .signCode(let code): (.signCode, code.digits)
            case .renew: (.renew, "")
            }
        return StoredApproval(
            number: approval.number, kind: kind, code: code, handleToken: approval.handleToken,
            fingerprint: approval.fingerprint,
            certificate: approval.request.certificate, identityKey: approval.identityKey,
            portal: approval.request.portal.text, startedAt: approval.startedAt,
            decision: status.decision?.rawValue ?? "", state: status.state.rawValue, step: Int(status.step),
            steps: Int(status.steps), deadline: status.deadline)
    }
}

extension ApprovalStatus {
    /// Whether `Completed` has been said.
    var isOver: Bool { outcome != nil }
}
