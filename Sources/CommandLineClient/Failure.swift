// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// Why a command could not do its work; equal by code.
struct Failure: Error, Equatable {
    enum Code: Hashable, Sendable {
        /// The service said no, by a name of the contract.
        case contract(ErrorName)
        /// There is no session bus to be found.
        case noBus
        /// No connection owns the service's name, and the bus could not start it.
        case serviceMissing
        /// It went while it was needed.
        case serviceLost
        /// It does not answer.
        case serviceSilent
        /// It does not know what is asked, or answers in another form: another version.
        case serviceForeign
        /// A bus error that this program does not know.
        case unknownError
        /// Submitted, and no answer could be had.
        case outcomeUnknown
        case usage
        /// No certificate is known by the id that was given.
        case unknownCertificate
        /// The given word cannot be a certificate's id.
        case badCertificateID
        /// No decision is recorded under the reference that was given.
        case unknownReference
        /// An address that is not opened.
        case link
        /// An address that names a portal which this computer's configuration does not.
        case linkPortal
        /// Several cards could be meant, and a click does not say which.
        case linkAmbiguous
        /// An approval of the same card has not ended yet.
        case alreadyRunning
        /// A file cannot be read.
        case fileUnreadable, fileMissing, fileForbidden, fileIsFolder
        /// A file to be written is there already, or cannot be written.
        case fileExists, fileUnwritable
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
    /// Its subject, in words that a person gave or can use: a file's name, an id, the program that holds a card. May be empty.
    let subject: String
    /// A narrower word for programs: a bus error's text, a PKCS#11 name. May be empty; never part of a sentence.
    let technical: String
    /// The service's sentence for an error that this program does not know; else empty.
    let sentence: String
    /// With `.usage`: the word and its fault.
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

    /// A fault in the words of the command with that name.
    init(_ problem: UsageProblem, of command: String) {
        self.init(UsageFault(problem: problem, command: "eonay \(command)"))
    }

    /// Both, as --json prints them.
    var detail: String { [subject, technical].filter { !$0.isEmpty }.joined(separator: ": ") }

    static func == (left: Failure, right: Failure) -> Bool { left.code == right.code }

    /// The stable word for scripts: of the contract where it is one of its errors.
    var name: String { row.name }

    /// The status to exit with.
    var status: EndStatus { row.status }
}

extension Failure {
    /// From the error that the bus brought in place of an answer.
    init(_ error: BusError) {
        if let reported = ReportedError(error) {
            let fault = ServiceFault(reported, sentence: error.message, detail: error.detail)
            let isRunning = fault.failure == Failure(.tokenBusy) && fault.detail == ApprovalFailure.anotherApproval
            self = isRunning ? Failure(.alreadyRunning) : fault.failure
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

extension Failure {
    /// The name, status and sentences of a code. The sentences are marked texts, in which %1 is the subject; empty where the error brings
    /// its own.
    private struct Row {
        let name: String
        let status: EndStatus
        let what, remedy: String

        init(_ name: String, _ status: EndStatus, _ what: String, _ remedy: String) {
            (self.name, self.status, self.what, self.remedy) = (name, status, what, remedy)
        }

        /// For a failure that scripts know as an error of the contract.
        init(_ error: ErrorName, _ what: String = "", _ remedy: String = "") {
            self.init(error.rawValue, EndStatus(error), what, remedy)
        }
    }

    /// The one table of failures.
    private var row: Row {
        func text(_ source: StaticString) -> String { Texts.marked(source) }
        return switch code {
        case .contract(let error): Row(error)
        case .alreadyRunning: Row(.tokenBusy)
        case .noBus:
            Row(
                "ServiceUnavailable", .noService, text("There is no session bus here."),
                text("Log in to a desktop or by ssh with systemd; DBUS_SESSION_BUS_ADDRESS names the bus."))
        case .serviceMissing:
            Row(
                "ServiceUnavailable", .noService, text("The service eonayd does not run and could not be started."),
                text("Install the package eonay, or start it: systemctl --user start eonayd"))
        case .serviceLost:
            Row(
                "ServiceLost", .noService, text("The service eonayd has ended."),
                text("Look into its log: journalctl --user -u eonayd"))
        case .serviceSilent:
            Row(
                "ServiceSilent", .noService, text("The service eonayd does not answer."),
                text("Start it anew: systemctl --user restart eonayd"))
        case .serviceForeign:
            Row(
                "ServiceForeign", .noService,
                text("The service eonayd that runs is of another version than this program."),
                text("Start it anew: systemctl --user restart eonayd"))
        case .unknownError:
            Row(
                "UnknownError", .unexpected,
                text("The service answered with an error that this program does not know."),
                text("Please report it with the log: journalctl --user -u eonayd"))
        case .outcomeUnknown:
            Row(
                "OutcomeUnknown", .outcomeUnknown,
                text("Your request has reached the portal, and its answer is not known yet."),
                text("Look at eonay history, or at your page at the portal, before you start again."))
        case .usage:
            Row("Usage", .usage, text("The command was not understood."), text("Look it up: eonay help"))
        case .unknownCertificate:
            Row(
                .noCertificate, text("No certificate with the id %1 is known."),
                text("See which there are: eonay certificates"))
        case .badCertificateID:
            Row(
                .invalidArgument, text("%1 is not the id of a certificate."),
                text("Give eight or more of its first digits (0-9, a-f), as eonay certificates shows them."))
        case .unknownReference:
            Row(
                "UnknownReference", .usage, text("No decision with the reference %1 is recorded on this computer."),
                text("See which there are: eonay history --limit 0"))
        case .link:
            Row(
                "LinkRefused", .usage,
                text("This is not an address that a portal's page has for E-Onay; nothing was signed."),
                text("Copy the code from the page instead: eonay sign CODE"))
        case .linkPortal:
            Row(
                .portalNotConfigured,
                text("This computer is not set up for the page's portal; nothing was signed."),
                text("If you did not open the page yourself, close it; else ask the administrator of this computer."))
        case .linkAmbiguous:
            Row(
                .ambiguousCertificate, text("More than one certificate could do this."),
                text("Leave only the card in that you mean, and press the page's button again."))
        case .fileMissing:
            Row(
                "FileUnreadable", .badFile, text("There is no such file or folder."),
                text("Check how the name is written."))
        case .fileForbidden:
            Row(
                "FileUnreadable", .badFile, text("You may not read this file or folder."),
                text("Check its permissions."))
        case .fileIsFolder:
            Row("FileUnreadable", .badFile, text("This is a folder, not a file."), text("Name a file in it."))
        case .fileUnreadable:
            Row(
                "FileUnreadable", .badFile, text("The file cannot be read."), text("Check its name and permissions."))
        case .fileExists:
            Row(
                "FileExists", .badFile, text("There is a file of that name already; it was left as it is."),
                text("Name another one, or move that one away."))
        case .fileUnwritable:
            Row(
                "FileUnwritable", .badFile, text("The file cannot be written."),
                text("Check its folder: whether it is there, its permissions, and whether the disk is full."))
        case .fileTooLarge:
            Row("FileTooLarge", .badFile, text("The file is too large."), text("See eonay(1) for the limits."))
        case .fileForeign:
            Row(
                "FileForeign", .badFile, text("The file holds nothing of the expected kind."),
                text("A certificate is expected in DER or PEM, a signature as CMS (.p7s)."))
        case .noSignature:
            Row(
                "FileForeign", .badFile, text("There is no signature in the file."),
                text("Name the signature itself (CMS, .p7s); one inside a PDF is not looked for."))
        case .job:
            Row(
                "JobFailed", .unexpected,
                text("The program eonay-token, which reads certificates and signatures, failed."),
                text("Reinstall the package eonay; if it persists, please report it."))
        case .system:
            Row(
                "SystemError", .unexpected, text("The system refused something that this program needs."),
                text("Try again."))
        }
    }

    /// Fact and remedy, for a person.
    func explained(_ texts: Texts) -> ErrorText {
        switch code {
        case .contract(let error):
            let text = texts.error(error, detail: technical)
            guard error == .promptDeferred, let seconds = Int64(detail) else { return text }
            return ErrorText(
                what: text.what, remedy: texts.text("Start again in %1.", texts.duration(seconds: seconds)))
        case .alreadyRunning: return texts.error(.tokenBusy, detail: ApprovalFailure.anotherApproval)
        case .unknownError where !sentence.isEmpty:
            return ErrorText(what: ShowableText.line(sentence), remedy: "")
        default:
            if let usage { return usage.explained(texts) }
            let row = row
            return ErrorText(what: texts.text(row.what, ShowableText.line(subject)), remedy: texts.text(row.remedy))
        }
    }

    /// The documented form of an error.
    func json(_ texts: Texts) -> JSON {
        let text = explained(texts)
        return [
            "name": .string(name), "status": .integer(Int64(status.rawValue)), "message": .string(text.what),
            "remedy": .string(text.remedy), "detail": .optional(detail),
        ]
    }
}

/// The status that the program exits with; each error has its own. Documented in eonay(1): a status is never given a new meaning.
struct EndStatus: Equatable, Sendable {
    let rawValue: Int32

    static let good = EndStatus(rawValue: 0)
    /// `Internal`, and any other failure that was not foreseen.
    static let unexpected = EndStatus(rawValue: 1)
    static let usage = EndStatus(rawValue: 2)
    /// No bus, no service, or one that does not answer.
    static let noService = EndStatus(rawValue: 3)
    /// A file that cannot be read, or holds nothing of the wanted kind.
    static let badFile = EndStatus(rawValue: 4)
    /// A request reached the portal, and its outcome is not known.
    static let outcomeUnknown = EndStatus(rawValue: 5)
    /// `verify`: the signature is invalid.
    static let invalid = EndStatus(rawValue: 6)
    /// `verify`: the signature is neither valid nor invalid for certain.
    static let indeterminate = EndStatus(rawValue: 7)
    /// `doctor`: an approval could not be given now.
    static let notApprovable = EndStatus(rawValue: 8)

    init(_ error: ErrorName) { rawValue = error.exitStatus }

    private init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}
