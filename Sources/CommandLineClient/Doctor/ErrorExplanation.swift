// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Texts

/// An error by its name: what it means, what to do, and which lines of `eonay doctor` bear on it.
struct ErrorExplanation {
    let error: ErrorName

    /// - Parameter name: with or without the bus's prefix, in small letters or capitals.
    init(_ name: String) throws {
        let prefix = ErrorName.busPrefix.lowercased()
        let word = name.lowercased()
        let bare = word.hasPrefix(prefix) ? String(word.dropFirst(prefix.count)) : word
        guard let error = ErrorName.allCases.first(where: { $0.rawValue.lowercased() == bare }) else {
            let suggestion = Suggestion.nearest(to: name, among: ErrorName.allCases.map(\.rawValue))
            throw Failure(.unknownErrorName(name, suggestion: suggestion), of: "doctor")
        }
        self.error = error
    }

    /// The lines to look at.
    var topics: [Topic] {
        switch error {
        case .noReader: [.pcscd, .reader]
        case .noCardService, .cardServiceMissing, .accessDenied: [.pcscd]
        case .noToken, .tokenRemoved, .tokenBusy, .ambiguousReader: [.reader, .card]
        case .noModule, .moduleUnusable, .tokenFailed: [.card, .driver]
        case .noCertificate, .ambiguousCertificate, .notQualified, .userNoticeMissing, .identityMismatch,
            .untrustedIssuer:
            [.driver, .certificate]
        case .certificateNotYetValid, .certificateExpired: [.certificate, .clock]
        case .certificateRevoked, .certificateSuspended, .revocationUnknown: [.certificate, .responder]
        case .pinIncorrect, .pinFinalTry, .pinLocked, .pinInvalid, .pinChangeRequired, .pinMismatch, .pukIncorrect,
            .pukFinalTry, .pukLocked:
            [.certificate]
        case .notSupported: [.driver]
        case .pinCancelled, .pinPromptUnavailable, .promptDeferred: [.prompt]
        case .codeExpired: [.clock, .portal]
        case .portalNotConfigured: [.configuration, .portal]
        case .portalUnreachable, .portalUntrusted, .portalRefused: [.clock, .portal]
        case .storeFailed, .stateInUse: [.record]
        case .internal, .limitExceeded: [.service]
        case .invalidArgument, .invalidIdentity, .invalidDecision, .invalidCode, .codeUsed, .statementChanged,
            .cancelled, .noConsent, .tooEarly, .alreadyFiled:
            []
        }
    }

    func print(on console: Console) {
        let texts = console.texts
        let text = texts.error(error)
        if console.isJSON {
            return console.print([
                "name": .string(error.rawValue), "status": .integer(Int64(error.exitStatus)),
                "message": .string(text.what),
                "remedy": .string(text.remedy), "topics": .texts(topics.map(\.rawValue)),
            ])
        }
        console.print(
            Details([
                (texts.text("Error"), Cell(error.rawValue)), (texts.text("Meaning"), Cell(text.what)),
                (texts.text("Remedy"), Cell(text.remedy)), (texts.text("Exit status"), Cell("\(error.exitStatus)")),
                (
                    texts.text("Lines of eonay doctor"),
                    Cell(topics.map { $0.label(texts) }.joined(separator: ", "))
                ),
            ]))
    }
}
