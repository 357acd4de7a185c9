// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
internal import Store

/// The writes of the service, each called by what was learnt.
extension Journal {
    /// Writes down a card's certificates. `done` gets the ids of those that had to be forgotten for them.
    func write(_ certificates: [KnownCertificate], done: @escaping ([String]) -> Void) {
        write("a card's certificates") {
            try await $0.remember(certificates)
        } done: {
            done($0 ?? [])
        }
    }

    /// Writes down reminders. `done` learns whether they are on disk.
    func write(_ reminders: [Reminder], seen: Bool, done: @escaping (_ isStored: Bool) -> Void = { _ in }) {
        let now = clock.now()
        write("a reminder") { store in
            for reminder in reminders {
                try await store.remindersShown(
                    certificate: reminder.certificate, thresholds: reminder.supersedes, at: now, seen: seen)
            }
        } done: {
            done($0 != nil)
        }
    }

    /// Reminders that were written down as seen have been seen by nobody.
    func takeBack(_ reminders: [Reminder]) {
        remember("that a reminder was not shown") { store in
            for reminder in reminders {
                try await store.reminderNotShown(certificate: reminder.certificate, threshold: reminder.threshold)
            }
        }
    }

    /// Writes down what an approval waits for. `done` learns whether it is on disk.
    func write(_ write: ApprovalWrite, done: @escaping (_ isStored: Bool) -> Void) {
        self.write(write.what) {
            try await write.write(to: $0)
        } done: {
            done($0 != nil)
        }
    }

    /// Writes down the PIN states that a wrong PIN left, by certificate.
    func writeWrongPIN(_ states: [String: PINState], done: @escaping () -> Void) {
        let now = clock.now()
        write("a wrong PIN") { store in
            for (id, state) in states { try await store.pinWasWrong([id], state: state.rawValue, at: now) }
        } done: { _ in
            done()
        }
    }

    /// The right PIN was entered for these certificates.
    func writeRightPIN(_ certificates: [String]) {
        guard !certificates.isEmpty else { return }
        remember("the right PIN") { try await $0.pinWasRight(certificates) }
    }

    /// Writes down what a certificate's responder has said.
    func write(_ known: KnownRevocation, of certificate: String) {
        remember("a responder's answer") { try await $0.remember(known.stored, of: certificate) }
    }

    /// Writes down a snooze. `done` learns what stood in the way.
    func writeSnooze(of certificate: KnownCertificate, until: Int64, done: @escaping (ServiceError?) -> Void) {
        write("a snooze") { store in
            if try await store.snooze(certificate: certificate.id, until: until) { return }
            // Its card was read while nothing could be kept.
            try await store.remember([certificate])
            try await store.snooze(certificate: certificate.id, until: until)
        } done: { [self] stored in
            if stored == nil { lookAgain() }
            done(stored == nil ? refusal : nil)
        }
    }

    /// Has the record forget. `done` gets what is gone and what is left, or what stood in the way.
    func forget(
        _ order: ForgetOrder, done: @escaping (Result<(Forgotten, JournalContents), ServiceError>) -> Void
    ) {
        // The end of an approval that is just being written is to go, too.
        afterWrites {
            self.write("what was to be forgotten") { store in
                try await store.inOneTurn { (try $0.forget(order), try $0.contents()) }
            } done: { result in
                done(result.map { .success($0) } ?? .failure(ServiceError(.storeFailed, detail: "forgetting")))
            }
        }
    }

    /// Forgets the certificates whose time is over.
    func forgetEnded(at now: Int64) {
        let (years, present) = retention()
        write("which certificates are too old") { store in
            try await store.forgetEnded(at: now, afterYears: years, except: present)
        } done: { [self] in
            if let ids = $0, !ids.isEmpty { report(.forgot(ids)) }
        }
    }

    /// Reads approvals from the disk.
    func approvals(
        after number: Int64, limit: Int, done: @escaping (Result<[ApprovalRecord], ServiceError>) -> Void
    ) {
        write("approvals for a caller") { store in
            try await store.approvals(after: number, limit: limit)
        } done: {
            done($0.map { .success($0) } ?? .failure(ServiceError(.storeFailed, detail: "approvals")))
        }
    }

    /// Writes down what memory learnt while nothing could be kept.
    func writeAll(_ certificates: [KnownCertificate], _ pinStates: [String: PINState]) {
        let now = clock.now()
        remember("what was known before") { try await $0.remember(certificates, pinStates, at: now) }
    }
}

extension Store {
    /// Everything that memory holds of the record.
    func contents() throws(StoreError) -> JournalContents {
        JournalContents(
            certificates: try certificates(), decisions: try newestDecisions(),
            filedRenewals: try filedRenewals(orRefusedAs: ErrorName.alreadyFiled.busName),
            history: try history(limit: Store.maximumHistory), identitySalt: try identitySalt(),
            pinStates: try pinStates().compactMapValues { PINState(rawValue: $0) },
            revocations: try revocations().mapValues { KnownRevocation($0) })
    }

    fileprivate func remember(
        _ certificates: [KnownCertificate], _ pinStates: [String: PINState], at now: Int64
    ) throws(StoreError) {
        try remember(certificates)
        for certificate in certificates where !certificate.remindersShown.isEmpty {
            for (threshold, time) in certificate.remindersShown {
                try remindersShown(
                    certificate: certificate.id, thresholds: [threshold], at: time,
                    seen: !certificate.remindersUnseen.contains(threshold))
            }
            try snooze(certificate: certificate.id, until: certificate.snoozedUntil)
        }
        for (id, state) in pinStates { try pinWasWrong([id], state: state.rawValue, at: now) }
    }
}
