// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import Tokens

extension JobFailure {
    /// A module's error, by its name in the bus contract.
    init(_ error: TokenError) {
        let name: ErrorName =
            switch error.kind {
            case .moduleUnusable: error.fileIsMissing ? .noModule : .moduleUnusable
            case .tokenRemoved: .tokenRemoved
            case .tokenFailed, .tokenNotRecognised: .tokenFailed
            case .noPrivateKey: .noCertificate
            case .pinIncorrect: .pinIncorrect
            case .pinLocked: .pinLocked
            case .pinInvalid: .pinInvalid
            case .pinChangeRequired: .pinChangeRequired
            case .pinEntryCancelled: .pinCancelled
            }
        self.init(name, error)
    }

    /// The same under another name.
    init(_ name: ErrorName, _ error: TokenError) {
        let answer: ModuleAnswer? = if case .returned = error.code { error.isVague ? .vague : .definite } else { nil }
        self.init(name, error.detail, pinState: name == .pinLocked ? .locked : nil, module: answer)
    }

    /// A module's error about a card that cannot be looked at: another program may hold it.
    init(obstacle error: TokenError) {
        self = error.isHeldElsewhere ? JobFailure(.tokenBusy, error) : JobFailure(error)
    }

    /// The end of a prompt, by its name in the bus contract.
    init(_ error: PromptError) {
        switch error {
        case .cancelled: self.init(.pinCancelled)
        case .timedOut: self.init(.codeExpired)
        case .tooLong: self.init(.pinInvalid, "length")
        case .unavailable(let reason): self.init(.pinPromptUnavailable, reason)
        case .abandoned, .interrupted: self.init(.cancelled)
        }
    }

    init(_ error: SignatureDraftError) {
        // A wrong value is the token's fault; a key of a kind that E-Onay does not use is not.
        let name: ErrorName = error.code == .unsupportedKey ? .notQualified : .tokenFailed
        self.init(name, error.code.rawValue + (error.detail.isEmpty ? "" : " " + error.detail))
    }
}
