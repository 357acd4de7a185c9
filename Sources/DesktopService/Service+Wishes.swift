// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Jobs
import Store

/// The wishes of a person: a notification's button, the menu's entry and its actions, a page's address.
extension Service {
    // MARK: - Buttons and actions

    func press(_ action: Notice.Action) {
        do { try perform(action, for: nil) } catch {
            log.notice("a button has begun nothing: \(error), continuing")
            notices.showRefusal((error as? ServiceError)?.name ?? .internal)
        }
    }

    /// An action of the menu's entry, which any program may call.
    ///
    /// Throws what is wrong with the call, and what memory can refuse. Its person is shown the second, because a menu shows no errors.
    func act(_ action: ApplicationAction, _ reference: String, by caller: String) throws {
        do {
            switch action {
            case .approve: try perform(.approve(certificate: resolve(reference, isForCard: true)), for: caller)
            case .renew: try perform(.renew(certificate: renewable(reference)), for: caller)
            case .snooze: try perform(.snooze(certificates: reminded(reference)), for: caller)
            case .forgetReminder:
                reminders.dismiss(try reference.isEmpty ? reminders.certificates : [resolve(reference)])
            }
        } catch let error as ServiceError {
            // Nor need a person who closed a prompt be told of each further try.
            if ![.invalidArgument, .promptDeferred].contains(error.name) {
                notices.showRefusal(error.name, detail: error.detail)
            }
            throw error
        }
    }

    /// Without a name, what a reminder of all certificates would offer to renew.
    private func renewable(_ reference: String) throws -> String {
        guard reference.isEmpty, let offered = offers(for: subjects(registry.order)).renew else {
            return try resolve(reference)
        }
        return offered
    }

    /// Without a name, those that the reminder is about; without a reminder, all that there will be reminders of.
    private func reminded(_ reference: String) throws -> [String] {
        guard reference.isEmpty else { return [try resolve(reference)] }
        let standing = reminders.certificates
        let ids = standing.isEmpty ? subjects(registry.order).filter { $0.phase != .expired }.map(\.id) : standing
        guard !ids.isEmpty else { throw ServiceError(.noCertificate) }
        return ids
    }

    /// - Parameter caller: the program that asks; nil for a button of ours, behind which there is a person.
    private func perform(_ action: Notice.Action, for caller: String?) throws {
        switch action {
        case .snooze(let ids):
            for id in ids {
                snooze(id, until: alarm.now() + Validity.day) { refusal in
                    if let refusal { self.notices.showRefusal(refusal.name) }
                }
            }
        case .approve(let certificate): try approve(certificate, for: caller)
        case .renew(let certificate): try renew(certificate, for: caller)
        case .unlock(let certificate): try openPage(\.unlockPage, of: certificate)
        case .fetchPIN(let certificate): try openPage(\.openPage, of: certificate)
        case .cancel(let name): approvals.cancel(named: name)
        case .driver(let family):
            guard let page = family.driver?.page, !page.isEmpty else { throw ServiceError(.noModule) }
            inJob("the driver's page") { (jobs) async throws(JobError) in try await jobs.open(page: page) }
        }
    }

    private func openPage(_ page: KeyPath<IssuerProfile, String?>, of certificate: String) throws {
        guard registry[certificate] != nil else { throw ServiceError(.noCertificate) }
        // The configuration may have changed since the button was shown.
        guard let address = registry.page(page, of: certificate, by: settings.configuration) else { return }
        inJob("an issuer's page") { (jobs) async throws(JobError) in try await jobs.open(page: address) }
    }

    /// Looks anew: the bubble may be an old one, or was clicked twice. An approval that is under way or decided is not begun again.
    private func approve(_ certificate: String, for caller: String?) throws {
        guard let key = registry[certificate]?.known.identityKey else { throw ServiceError(.noCertificate) }
        let ofThisPerson = approvals.decisions(for: certificate, of: key)
        // Its progress is on the screen.
        if ofThisPerson.contains(where: { !$0.status.isOver }) { return }
        for approval in ofThisPerson {
            if let end = approval.end, end.outcome.result == .unknown {
                return notices.showResult(subject(approval), end)
            }
        }
        if let decision = registry.decision(for: certificate) { return showStanding(certificate, decision) }
        try begin(.approve(.accept), certificate, for: caller)
    }

    /// Looks anew: between the reminder and the click an E-Onay may have been given or withdrawn.
    private func renew(_ certificate: String, for caller: String?) throws {
        // The second half of a double click.
        guard !approvals.isRenewing(certificate) else { return }
        if registry.hasFiledRenewal(certificate) { return showStanding(certificate, nil) }
        switch registry.renewalWay(of: certificate, by: settings.configuration, at: alarm.now()) {
        case .portal(let origin): try begin(.renew, certificate, portal: origin.text, for: caller)
        case .page(let page):
            inJob("the renewal page") { (jobs) async throws(JobError) in try await jobs.open(page: page) }
        case nil: throw ServiceError(.portalNotConfigured)
        }
    }

    /// As the call of the bus, with time to put the card in.
    private func begin(
        _ kind: ApprovalRequest.Kind, _ certificate: String, portal: String? = nil, for caller: String?
    ) throws {
        var options = ApprovalOptions()
        (options.wait, options.portal) = (300, portal)
        _ = try begin(
            ApprovalCall(
                kind: kind, certificate: certificate, options: options, caller: caller ?? bus.uniqueName,
                isOwn: caller == nil))
    }

    private func showStanding(_ certificate: String, _ decision: HistoryEntry?) {
        notices.showStanding(
            holder: registry[certificate]?.known.holder ?? "", portal: decision?.portal ?? "",
            decision: decision?.decision ?? "", reference: decision?.reference ?? "")
    }

    /// Opens something by a job; a failure is logged and shown.
    private func inJob(
        _ what: String, _ open: @escaping @Sendable (any JobLauncher) async throws(JobError) -> Void,
        ended: @escaping () -> Void = {}
    ) {
        scheduler.task {
            do throws(JobError) { try await open(self.jobs) } catch {
                self.log.error("could not open \(what): \(error), continuing")
                self.notices.showRefusal(.internal)
            }
            ended()
        }
    }

    // MARK: - The menu's entry

    /// Shows the state, once every card that is in has been read: the call may have started this service.
    func activate() {
        cards.lookAgainIfDenied()
        guard !cards.isReady else { return showState() }
        stateRequest.wait { self.showState() }
    }

    func showState() {
        stateRequest.end()
        let subjects = subjects(registry.chief(of: registry.order))
        var offers = offers(for: subjects)
        offers.renew = self.offers(for: subjects.filter { $0.phase == .renewalDue }).renew
        notices.showState(
            subjects.map { ($0, registry.decision(for: $0.id)) }, offers: offers, reminded: reminders.certificates,
            absence: cards.absence)
    }

    // MARK: - Addresses

    /// Has `eonay open` do what it does where a desktop runs it itself: it alone looks up portal and card, and has the person asked.
    ///
    /// Here it is only found out that this is an address of ours and nothing else, since it becomes an argument. Throws where it is none.
    func open(_ address: String) throws {
        do throws(InvalidSignLink) { _ = try SignLink(address) } catch {
            notices.showForeignAddress()
            throw ServiceError(.invalidArgument, detail: "address: \(error.reason.rawValue)")
        }
        guard addresses.begin() else {
            notices.showRefusal(.limitExceeded)
            throw ServiceError(.limitExceeded, detail: "addresses")
        }
        inJob("an address") { (jobs) async throws(JobError) in
            try await jobs.open(address: address)
        } ended: {
            self.addresses.end()
        }
    }
}
