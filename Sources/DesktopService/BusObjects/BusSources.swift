// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import Store
import Texts

/// The values that the objects on the bus show, asked for at the moment that somebody reads them.
struct BusSources {
    /// The watcher of cards, as the root shows it.
    struct Watcher {
        var state = CardSnapshot.Service.starting
        var error: ErrorName?
        var readers: [ReaderName] = []
        var isReady = false
    }

    let version: String
    let settings: () -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue], texts: Texts)
    let watcher: () -> Watcher
    let recordState: () -> Journal.State
    let token: (UInt64) -> CardToken?
    /// The token that holds a certificate now.
    let holder: (String) -> UInt64?
    /// All of them, the soonest end first.
    let certificates: () -> [CertificateRegistry.Entry]
    let certificate: (String) -> CertificateRegistry.Entry?
    /// The id of a certificate's successor.
    let successor: (String) -> String?
    /// The newest recorded decision of a certificate's holder.
    let decision: (CertificateRegistry.Entry) -> HistoryEntry?
    /// Whether a decision of a certificate's holder is under way.
    let isDeciding: (CertificateRegistry.Entry) -> Bool
    let phase: (KnownCertificate) -> Phase
    /// The last word of a certificate's responder.
    let revocation: (String) -> KnownRevocation
    let approval: (Int64) -> ApprovalView?
    let pinOperation: (UInt64) -> PINOperationView?
    let history: () -> [HistoryEntry]
    let now: () -> Int64

    init(
        version: String, clock: any WallClock, settings: Settings, journal: Journal, registry: CertificateRegistry,
        cards: Cards, reminders: Reminders, revocations: Revocations, approvals: Approvals, pinOperations: PINOperations
    ) {
        self.version = version
        self.settings = { (settings.configuration, settings.issues, settings.texts) }
        watcher = {
            Watcher(state: cards.state, error: cards.watcherError, readers: cards.readers, isReady: cards.isReady)
        }
        recordState = { journal.state }
        token = { cards.token($0) }
        holder = { cards.token(holding: $0)?.number }
        certificates = { registry.listed }
        certificate = { registry[$0] }
        successor = { registry.successors[$0] }
        decision = { registry.decision(for: $0) }
        isDeciding = { approvals.isDeciding($0.known.id, of: $0.known.identityKey) }
        phase = { reminders.phase(of: $0) }
        revocation = { revocations[$0] }
        approval = { approvals[$0] }
        pinOperation = { pinOperations[$0] }
        history = { approvals.history }
        now = { clock.now() }
    }

    /// "none" | "pending" | "accepted" | "declined", of the person whom the certificate names.
    func approvalWord(_ entry: CertificateRegistry.Entry, _ decision: HistoryEntry?) -> String {
        if isDeciding(entry) { return "pending" }
        return decision.flatMap { Decision(rawValue: $0.decision)?.recorded } ?? "none"
    }
}

/// The callers' requests. All are answered from memory, or later.
struct BusCalls {
    let begin: (ApprovalCall) throws -> ObjectPath
    let cancel: (Int64) -> Void
    let setPIN: (PINCall) throws -> ObjectPath
    let cancelPIN: (UInt64) -> Void
    /// Puts a certificate's reminders off; `done` is called with what stood in the way.
    let snooze: (_ certificate: String, _ until: Int64, _ done: @escaping (ServiceError?) -> Void) throws -> Void
    /// Forgets; `done` is called when it has left the disk.
    let forget:
        (_ certificate: String, ForgetOptions, _ done: @escaping (Result<ForgetAnswer, ServiceError>) -> Void) throws ->
            Void
    /// Reads the approvals after a number from the disk.
    let approvals:
        (_ after: Int64, _ limit: Int, _ done: @escaping (Result<[ApprovalRecord], ServiceError>) -> Void) -> Void
    /// Somebody wants to know how things stand: a good time to look again.
    let looks: () -> Void
    /// Calls `answer` once memory is as the disk is; nil where it is so already.
    let refresh: () -> ((_ answer: @escaping () -> Void) -> Void)?
    /// A person wants to see how things stand.
    let activate: () -> Void
    /// A person wants something done; `certificate` may be "".
    let act: (_ action: ApplicationAction, _ certificate: String, _ caller: String) throws -> Void
    /// A person has clicked on an `eonay:` address.
    let open: (_ address: String) throws -> Void
}
