// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import Tokens

/// A request that could not be done: the error's name, and a detail for logs that holds nothing personal.
struct JobError: Error, Equatable {
    let name: ErrorName
    let detail: String

    init(_ name: ErrorName, _ detail: String = "") {
        self.name = name
        self.detail = detail
    }

    var failure: JobFailure { JobFailure(code: name.rawValue, detail: detail, heldBy: "") }
}

extension JobError {
    /// What a module's answer means in the bus contract.
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
        self.init(name, error.detail)
    }

    /// What it means that a card does not even tell what it is: CKR_DEVICE_ERROR is then another program's hold on it.
    init(obstacle error: TokenError) {
        let isHeld = error.detail == "CKR_DEVICE_ERROR C_GetTokenInfo"
        self = isHeld ? JobError(.tokenBusy, error.detail) : JobError(error)
    }

    /// What the end of a prompt means in the bus contract.
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
        // A token whose value is wrong has failed; a key that nobody signs with is no fault of the token.
        let name: ErrorName = error.code == .unsupportedKey ? .notQualified : .tokenFailed
        self.init(name, error.code.rawValue + (error.detail.isEmpty ? "" : " " + error.detail))
    }
}
