// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import JobFrames
import Jobs
import Store

/// One approval while its object stands: the state machine, and what runs for it.
///
/// Passive: the service, on whose loop it lives, moves it.
final class Approval {
    let number: Int64
    let path: ObjectPath
    let handleToken: String?
    /// What the caller asked for, to tell a repeated call from another one with the same token.
    let fingerprint: [UInt8]
    var options: ApprovalOptions
    let startedAt: Int64
    var machine: ApprovalMachine
    /// The holder's key, for `Status`.
    let identityKey: [UInt8]

    /// "eonay (4711)": who is shown in the prompt; nil while it is not known.
    var requester: String?
    /// It is on disk.
    var isRemembered = false
    /// What `Signatures()` answers, in the order made.
    var signatures: [StoredSignature] = []
    /// It begins once a card that is being read has been read: it may be the one.
    var awaitsReading = false
    /// The end as it was said, with the sentence for people.
    var end: StoredApproval.End?
    /// Its line in the history, once there is one.
    var historyEntry: HistoryEntry?
    /// How it stood when an earlier run of the service ended it; nil for one of this run.
    var recalled: ApprovalStatus?

    /// What the certificate's responder is asked about.
    var certificate: [UInt8] = []
    var issuer: [UInt8] = []

    var token: TokenConversation?
    var courier: CourierConversation?
    /// Questions for the courier that wait for the one before.
    var questions: [CourierRequest] = []
    var isAsking = false
    /// Somebody listens to the courier.
    var awaitsReply = false
    var codeTimer: LoopTimer?
    var retryTimer: LoopTimer?
    var waitTimer: LoopTimer?
    var callerWatch: NameWatch?
    /// Which token job and which courier the approval is on; an answer of an earlier one has nothing to say.
    var tokenGeneration = 0
    var courierGeneration = 0

    init(
        number: Int64, path: ObjectPath, handleToken: String?, fingerprint: [UInt8], options: ApprovalOptions,
        startedAt: Int64, machine: ApprovalMachine, identityKey: [UInt8], requester: String?
    ) {
        self.number = number
        self.path = path
        self.handleToken = handleToken
        self.fingerprint = fingerprint
        self.options = options
        self.startedAt = startedAt
        self.machine = machine
        self.identityKey = identityKey
        self.requester = requester
    }

    var request: ApprovalRequest { machine.request }
    var status: ApprovalStatus { recalled ?? machine.status }

    /// The last element of its path, which also names its notification.
    var name: String { path.text.split(separator: "/").last.map(String.init) ?? "" }

    /// Ends every timer and watch; jobs are ended by the machine's effects.
    func release() {
        for timer in [codeTimer, retryTimer, waitTimer] { timer?.cancel() }
        (codeTimer, retryTimer, waitTimer) = (nil, nil, nil)
        callerWatch?.cancel()
        callerWatch = nil
    }
}
