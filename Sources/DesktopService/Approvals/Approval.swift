// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import Store

/// One approval while its object stands: how it stands, and what runs for it.
///
/// Passive: the service, on whose loop it lives, moves it.
final class Approval {
    /// An approval that has ended is a value: it has no machine that anything could be told to.
    private enum Life {
        case running(ApprovalMachine)
        case ended(ApprovalStatus)
    }

    let number: Int64
    let path: ObjectPath
    let handleToken: String?
    /// What the caller asked for, to tell a repeated call from another one with the same token.
    let fingerprint: [UInt8]
    let request: ApprovalRequest
    /// A program has a person shown a prompt; else the person began it by a button, or nobody is asked.
    let asksPerson: Bool
    var options: ApprovalOptions
    let startedAt: Int64
    /// The holder's key, for `Status`.
    let identityKey: [UInt8]
    private var life: Life

    /// Who is shown in the prompt; nil while it is not known.
    var requester: Requester?
    /// It is on disk.
    var isRemembered = false
    /// It could not be written down when it began. Until that is known, its row may be on its way.
    var wasRefusedByDisk = false
    /// What `Signatures()` answers, in the order made.
    var signatures: [StoredSignature] = []
    /// It begins once a card that is being read has been read: it may be the one.
    var awaitsReading = false
    /// The end as it was said, with the sentence for people.
    var end: StoredApproval.End?
    /// Its line in the history, once there is one.
    var historyEntry: HistoryEntry?

    /// What the certificate's responder is asked about.
    var certificate: [UInt8] = []
    var issuer: [UInt8]?

    var token: TokenDialogue?
    var courier: CourierDialogue?
    /// The courier that asks the certificate's responder.
    var revocation: CourierDialogue?
    var codeTimer: LoopTimer?
    var retryTimer: LoopTimer?
    var waitTimer: LoopTimer?
    var callerWatch: NameWatch?

    /// One that goes on; what it was asked for is the machine's to know.
    init(
        number: Int64, path: ObjectPath, handleToken: String?, fingerprint: [UInt8], options: ApprovalOptions,
        startedAt: Int64, machine: ApprovalMachine, identityKey: [UInt8], asksPerson: Bool = false
    ) {
        self.number = number
        self.path = path
        self.handleToken = handleToken
        self.fingerprint = fingerprint
        self.options = options
        self.startedAt = startedAt
        request = machine.request
        life = .running(machine)
        self.identityKey = identityKey
        self.asksPerson = asksPerson
    }

    /// One that has ended, in an earlier run of the service.
    init(
        number: Int64, path: ObjectPath, handleToken: String?, fingerprint: [UInt8], startedAt: Int64,
        request: ApprovalRequest, ended status: ApprovalStatus, identityKey: [UInt8]
    ) {
        self.number = number
        self.path = path
        self.handleToken = handleToken
        self.fingerprint = fingerprint
        options = ApprovalOptions()
        self.startedAt = startedAt
        self.request = request
        life = .ended(status)
        self.identityKey = identityKey
        asksPerson = false
    }

    var status: ApprovalStatus {
        switch life {
        case .running(let machine): machine.status
        case .ended(let status): status
        }
    }

    /// Whether nothing more will happen to it. One that was told as unknown may still go on.
    var hasEnded: Bool {
        if case .ended = life { true } else { false }
    }

    /// Whether its token job runs: nobody else can have the card.
    var usesToken: Bool {
        if case .running(let machine) = life { machine.usesToken } else { false }
    }

    /// Tells what happened, and gives what is to be done; nothing where it has ended.
    func handle(_ event: ApprovalEvent, at now: Int64) -> [ApprovalEffect] {
        guard case .running(var machine) = life else { return [] }
        let effects = machine.handle(event, at: now)
        life = machine.isSettled ? .ended(machine.status) : .running(machine)
        return effects
    }

    /// The last element of its path, which also names its notification.
    var name: String { path.text.split(separator: "/").last.map(String.init) ?? "" }

    /// Ends every timer and watch; token job and courier are ended by the machine's effects.
    func release() {
        revocation?.kill()
        (options.pin, options.terminal) = (nil, nil)
        for timer in [codeTimer, retryTimer, waitTimer] { timer?.cancel() }
        (codeTimer, retryTimer, waitTimer) = (nil, nil, nil)
        callerWatch?.cancel()
        callerWatch = nil
    }

    /// Ends all that runs for it, since the service ends: what it waits for is asked for at the next start.
    func abandon() {
        release()
        token?.kill()
        courier?.kill()
    }
}
