// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// Why a command could not do its work; equal by code.
struct Failure: Error, Equatable {
    enum Code: Hashable, Sendable {
        /// The service said no, by a name of the contract.
        case contract(ErrorName)
        /// There is no session bus to be found.
        case noBus
        /// Nobody owns the service's name, and the bus could not start it.
        case serviceMissing
        /// It went while it was needed.
        case serviceLost
        /// It does not answer.
        case serviceSilent
        /// It does not know what is asked, or answers in another form: another version.
        case serviceForeign
        /// A bus error that is nobody's word here.
        case unknownError
        /// Submitted, and no answer could be had.
        case outcomeUnknown
        case usage
        /// An address that is not opened.
        case link
        /// An address that names a portal which this computer's configuration does not.
        case linkPortal
        /// A click cannot say which of several cards is meant.
        case linkAmbiguous
        /// An approval of the same card has not ended yet.
        case alreadyRunning
        /// A file cannot be read.
        case fileUnreadable
        case fileTooLarge
        /// A file holds nothing of the wanted kind.
        case fileForeign
        /// A file holds no signature: another kind of file, or of CMS.
        case noSignature
        /// `eonay-token` is missing or failed.
        case job
        /// A call to the system failed.
        case system
    }

    let code: Code
    /// What narrows it down, for who looks closer: a bus error's text, a file's name. May be empty.
    let detail: String
    /// What it is about, for people where the detail is a program's word: a file's name. May be empty.
    let subject: String

    init(_ code: Code, detail: String = "", about subject: String = "") {
        self.code = code
        self.detail = detail
        self.subject = subject
    }

    init(_ error: ErrorName, detail: String = "") {
        self.init(.contract(error), detail: detail)
    }

    static func == (left: Failure, right: Failure) -> Bool { left.code == right.code }

    /// The stable word for scripts: of the contract where it is one of its errors.
    var name: String {
        switch code {
        case .contract(let error): error.rawValue
        case .noBus, .serviceMissing: "ServiceUnavailable"
        case .serviceLost: "ServiceLost"
        case .serviceSilent: "ServiceSilent"
        case .serviceForeign: "ServiceForeign"
        case .unknownError: "UnknownError"
        case .outcomeUnknown: "OutcomeUnknown"
        case .usage: "Usage"
        case .link: "LinkRefused"
        case .linkPortal: ErrorName.portalNotConfigured.rawValue
        case .linkAmbiguous: ErrorName.ambiguousCertificate.rawValue
        case .alreadyRunning: ErrorName.tokenBusy.rawValue
        case .fileUnreadable: "FileUnreadable"
        case .fileTooLarge: "FileTooLarge"
        case .fileForeign, .noSignature: "FileForeign"
        case .job: "JobFailed"
        case .system: "SystemError"
        }
    }

    var status: EndStatus {
        switch code {
        case .contract(let error): EndStatus(error)
        case .noBus, .serviceMissing, .serviceLost, .serviceSilent, .serviceForeign: .noService
        case .outcomeUnknown: .outcomeUnknown
        case .usage, .link: .usage
        case .linkPortal: EndStatus(.portalNotConfigured)
        case .linkAmbiguous: EndStatus(.ambiguousCertificate)
        case .alreadyRunning: EndStatus(.tokenBusy)
        case .fileUnreadable, .fileTooLarge, .fileForeign, .noSignature: .badFile
        case .unknownError, .job, .system: .unexpected
        }
    }
}

extension Failure {
    /// What the bus brought instead of an answer.
    init(_ error: BusError) {
        if let known = ErrorName(error) {
            let detail = ServiceMessage.detail(in: error.message, of: known.rawValue)
            if known == .tokenBusy, detail == ApprovalFailure.anotherApproval {
                self.init(.alreadyRunning)
            } else {
                self.init(known, detail: detail)
            }
            return
        }
        switch error.name {
        case BusError.serviceUnknown, BusError.nameHasNoOwner: self.init(.serviceMissing, detail: error.message)
        case BusError.noReply, "org.freedesktop.DBus.Error.Timeout", "org.freedesktop.DBus.Error.TimedOut":
            self.init(.serviceSilent, detail: error.message)
        case BusError.disconnected: self.init(.serviceLost, detail: error.message)
        case BusError.unknownMethod, BusError.unknownInterface, BusError.unknownObject, BusError.unknownProperty,
            BusError.invalidArgs:
            self.init(.serviceForeign, detail: error.message)
        default:
            let isAboutStarting = error.name.hasPrefix("org.freedesktop.DBus.Error.Spawn.")
            self.init(isAboutStarting ? .serviceMissing : .unknownError, detail: "\(error.name): \(error.message)")
        }
    }

    /// Runs a call to the service, whose errors become ours.
    static func mapping<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as BusError { throw Failure(error) }
    }
}
