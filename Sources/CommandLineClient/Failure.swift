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
        /// No certificate is known by the id that was given.
        case unknownCertificate
        /// What was given cannot be a certificate's id.
        case badCertificateID
        /// No decision is recorded under the reference that was given.
        case unknownReference
        /// An address that is not opened.
        case link
        /// An address that names a portal which this computer's configuration does not.
        case linkPortal
        /// A click cannot say which of several cards is meant.
        case linkAmbiguous
        /// An approval of the same card has not ended yet.
        case alreadyRunning
        /// A file cannot be read.
        case fileUnreadable, fileMissing, fileForbidden, fileIsFolder
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
    /// What it is about, in words that a person gave or can use: a file's name, an id, the program that holds a card. May be empty.
    let subject: String
    /// What narrows it down for programs and for who looks closer: a bus error's text, a PKCS#11 name. May be empty; no part of a sentence.
    let technical: String
    /// What the service says of an error that this program does not know; else empty.
    let sentence: String
    /// With `.usage`: what is wrong with which word.
    let usage: UsageFault?

    init(_ code: Code, subject: String = "", detail: String = "", sentence: String = "") {
        (self.code, self.subject, technical, self.sentence, usage) = (code, subject, detail, sentence, nil)
    }

    init(_ error: ErrorName, subject: String = "", detail: String = "") {
        self.init(.contract(error), subject: subject, detail: detail)
    }

    init(_ fault: UsageFault) {
        (code, subject, technical, sentence, usage) = (.usage, "", fault.problem.subject, "", fault)
    }

    /// A rule between the options of a command, as a marked text.
    init(rule: String, of command: String) {
        self.init(UsageFault(problem: .rule(rule), command: "eonay \(command)"))
    }

    /// Both, as --json tells them.
    var detail: String { [subject, technical].filter { !$0.isEmpty }.joined(separator: ": ") }

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
        case .unknownCertificate: ErrorName.noCertificate.rawValue
        case .badCertificateID: ErrorName.invalidArgument.rawValue
        case .unknownReference: "UnknownReference"
        case .link: "LinkRefused"
        case .linkPortal: ErrorName.portalNotConfigured.rawValue
        case .linkAmbiguous: ErrorName.ambiguousCertificate.rawValue
        case .alreadyRunning: ErrorName.tokenBusy.rawValue
        case .fileUnreadable, .fileMissing, .fileForbidden, .fileIsFolder: "FileUnreadable"
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
        case .usage, .link, .unknownReference: .usage
        case .unknownCertificate: EndStatus(.noCertificate)
        case .badCertificateID: EndStatus(.invalidArgument)
        case .linkPortal: EndStatus(.portalNotConfigured)
        case .linkAmbiguous: EndStatus(.ambiguousCertificate)
        case .alreadyRunning: EndStatus(.tokenBusy)
        case .fileUnreadable, .fileMissing, .fileForbidden, .fileIsFolder, .fileTooLarge, .fileForeign, .noSignature:
            .badFile
        case .unknownError, .job, .system: .unexpected
        }
    }
}

extension Failure {
    /// What the bus brought instead of an answer.
    init(_ error: BusError) {
        if error.name.hasPrefix(ErrorName.busPrefix) {
            let told = ToldError(name: error.name, sentence: error.message, detail: error.detail)
            let isRunning = told.failure == Failure(.tokenBusy) && told.detail == ApprovalFailure.anotherApproval
            self = isRunning ? Failure(.alreadyRunning) : told.failure
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
