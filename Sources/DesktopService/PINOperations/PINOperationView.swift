// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// A call of `ChangePin` or `UnblockPin`.
struct PINCall: Sendable {
    let task: PINTask
    /// As the caller names it: a card's object, or a certificate.
    let card: String
    var options: ApprovalOptions
    /// The caller's connection.
    let caller: String
}

/// A PIN operation as everybody but itself sees it.
struct PINOperationView: Sendable, Equatable {
    /// The raw value is the word of the bus.
    enum State: String, Sendable {
        case checking
        case waitingForPIN = "waiting-for-pin"
        /// All is entered, and the card is asked: no way back.
        case setting
        case done
        case failed
        case cancelled
    }

    let number: UInt64
    let task: PINTask
    /// The card's.
    let token: UInt64
    let certificate: String
    /// Whether its caller stays until its end, and so tells its person itself.
    let isBound: Bool
    var state = State.checking
    var end: PINOperationEnd?

    /// Where its object stands.
    var path: ObjectPath { Contract.pinPath(number: number) }
}

/// How a PIN operation ended.
struct PINOperationEnd: Sendable, Equatable {
    /// UTC seconds.
    let at: Int64
    /// Nil where the card has its new PIN.
    let failure: ApprovalFailure?
    /// The sentence for people; empty where nothing went wrong.
    let message: String

    /// The contract's word.
    var result: String {
        switch failure?.error {
        case nil: "changed"
        case .cancelled?: "cancelled"
        default: "failed"
        }
    }

    /// The error's name on the bus; empty where nothing went wrong.
    var error: String { failure?.error.busName ?? "" }
}
