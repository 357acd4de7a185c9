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
        /// The given word cannot be a certificate's id.
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
    /// Its subject, in words that a person gave or can use: a file's name, an id, the program that holds a card. May be empty.
    let subject: String
    /// A narrower word for programs: a bus error's text, a PKCS#11 name. May be empty; no part of a sentence.
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

    /// A rule between the options of a command, as a marked text.
    init(rule: String, of command: String) {
        self.init(UsageFault(problem: .rule(rule), command: "eonay \(command)"))
    }

    /// Both, as --json prints them.
    var detail: String { [subject, technical].filter { !$0.isEmpty }.joined(separator: ": ") }

    static func == (left: Failure, right: Failure) -> Bool { left.code == right.code }

    /// The stable word for scripts: of the contract where it is one of its errors.
    var name: String { scripts.name }

    /// The status to exit with.
    var status: EndStatus { scripts.status }

    private var scripts: (name: String, status: EndStatus) {
        switch code {
        case .contract(let error): (error.rawValue, EndStatus(error))
        case .noBus, .serviceMissing: ("ServiceUnavailable", .noService)
        case .serviceLost: ("ServiceLost", .noService)
        case .serviceSilent: ("ServiceSilent", .noService)
        case .serviceForeign: ("ServiceForeign", .noService)
        case .unknownError: ("UnknownError", .unexpected)
        case .outcomeUnknown: ("OutcomeUnknown", .outcomeUnknown)
        case .usage: ("Usage", .usage)
        case .unknownCertificate: Self.scripts(.noCertificate)
        case .badCertificateID: Self.scripts(.invalidArgument)
        case .unknownReference: ("UnknownReference", .usage)
        case .link: ("LinkRefused", .usage)
        case .linkPortal: Self.scripts(.portalNotConfigured)
        case .linkAmbiguous: Self.scripts(.ambiguousCertificate)
        case .alreadyRunning: Self.scripts(.tokenBusy)
        case .fileUnreadable, .fileMissing, .fileForbidden, .fileIsFolder: ("FileUnreadable", .badFile)
        case .fileTooLarge: ("FileTooLarge", .badFile)
        case .fileForeign, .noSignature: ("FileForeign", .badFile)
        case .job: ("JobFailed", .unexpected)
        case .system: ("SystemError", .unexpected)
        }
    }

    private static func scripts(_ error: ErrorName) -> (name: String, status: EndStatus) {
        (error.rawValue, EndStatus(error))
    }
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
    /// Fact and remedy, for a person.
    func explained(_ texts: Texts) -> (what: String, remedy: String) {
        switch code {
        case .contract(let error) where error == .promptDeferred && Int64(detail) != nil:
            (
                texts.error(error).what,
                texts.text("Start again in %1.", texts.duration(seconds: Int64(detail) ?? 0))
            )
        case .contract(let error):
            pair(texts.error(error, detail: technical))
        case .noBus:
            (
                texts.text("There is no session bus here."),
                texts.text("Log in to a desktop or by ssh with systemd; DBUS_SESSION_BUS_ADDRESS names the bus.")
            )
        case .serviceMissing:
            (
                texts.text("The service eonayd does not run and could not be started."),
                texts.text("Install the package eonay, or start it: systemctl --user start eonayd")
            )
        case .serviceLost:
            (
                texts.text("The service eonayd has ended."),
                texts.text("Look into its log: journalctl --user -u eonayd")
            )
        case .serviceSilent:
            (
                texts.text("The service eonayd does not answer."),
                texts.text("Start it anew: systemctl --user restart eonayd")
            )
        case .serviceForeign:
            (
                texts.text("The service eonayd that runs is of another version than this program."),
                texts.text("Start it anew: systemctl --user restart eonayd")
            )
        case .outcomeUnknown:
            (
                texts.text("Your request has reached the portal, and its answer is not known yet."),
                texts.text("Look at eonay history, or at your page at the portal, before you start again.")
            )
        case .usage:
            usage?.explained(texts) ?? (
                texts.text("The command was not understood."), texts.text("Look it up: eonay help")
            )
        case .unknownCertificate:
            (
                texts.text("No certificate with the id %1 is known.", ShowableText.line(subject)),
                texts.text("See which there are: eonay certificates")
            )
        case .badCertificateID:
            (
                texts.text("%1 is not the id of a certificate.", ShowableText.line(subject)),
                texts.text("Give eight or more of its first digits (0-9, a-f), as eonay certificates shows them.")
            )
        case .unknownReference:
            (
                texts.text(
                    "No decision with the reference %1 is recorded on this computer.", ShowableText.line(subject)),
                texts.text("See which there are: eonay history --limit 0")
            )
        case .link:
            (
                texts.text("This is not an address that a portal's page has for E-Onay; nothing was signed."),
                texts.text("Copy the code from the page instead: eonay sign CODE")
            )
        case .linkPortal:
            (
                texts.text("This computer is not set up for the page's portal; nothing was signed."),
                texts.text(
                    "If you did not open the page yourself, close it; else ask the administrator of this computer.")
            )
        case .linkAmbiguous:
            (
                texts.text("More than one certificate could do this."),
                texts.text("Leave only the card in that you mean, and press the page's button again.")
            )
        case .alreadyRunning: pair(texts.error(.tokenBusy, detail: ApprovalFailure.anotherApproval))
        case .fileMissing:
            (texts.text("There is no such file or folder."), texts.text("Check how the name is written."))
        case .fileForbidden:
            (texts.text("You may not read this file or folder."), texts.text("Check its permissions."))
        case .fileIsFolder: (texts.text("This is a folder, not a file."), texts.text("Name a file in it."))
        case .fileUnreadable:
            (texts.text("The file cannot be read."), texts.text("Check its name and permissions."))
        case .fileTooLarge:
            (texts.text("The file is too large."), texts.text("See eonay(1) for the limits."))
        case .fileForeign:
            (
                texts.text("The file holds nothing of the expected kind."),
                texts.text("A certificate is expected in DER or PEM, a signature as CMS (.p7s).")
            )
        case .noSignature:
            (
                texts.text("There is no signature in the file."),
                texts.text("Name the signature itself (CMS, .p7s); one inside a PDF is not looked for.")
            )
        case .job:
            (
                texts.text("The program eonay-token, which reads certificates and signatures, failed."),
                texts.text("Reinstall the package eonay; if it persists, please report it.")
            )
        case .system:
            (texts.text("The system refused something that this program needs."), texts.text("Try again."))
        case .unknownError where !sentence.isEmpty: (ShowableText.line(sentence), "")
        case .unknownError:
            (
                texts.text("The service answered with an error that this program does not know."),
                texts.text("Please report it with the log: journalctl --user -u eonayd")
            )
        }
    }

    private func pair(_ text: ErrorText) -> (what: String, remedy: String) { (text.what, text.remedy) }

    /// The documented form of an error.
    func json(_ texts: Texts) -> JSON {
        let (what, remedy) = explained(texts)
        return [
            "name": .string(name), "status": .integer(Int64(status.rawValue)), "message": .string(what),
            "remedy": .string(remedy), "detail": .optional(detail),
        ]
    }
}

/// The status that the program exits with; each error has its own. Documented in eonay(1): a status is never given a new meaning.
struct EndStatus: Equatable, Sendable {
    let rawValue: Int32

    static let good = EndStatus(rawValue: 0)
    /// `Internal`, and whatever was not foreseen.
    static let unexpected = EndStatus(rawValue: 1)
    static let usage = EndStatus(rawValue: 2)
    /// No bus, no service, or one that does not answer.
    static let noService = EndStatus(rawValue: 3)
    /// A file that cannot be read, or holds nothing of the wanted kind.
    static let badFile = EndStatus(rawValue: 4)
    /// A request reached the portal, and what became of it is not known.
    static let outcomeUnknown = EndStatus(rawValue: 5)
    /// `verify`: the signature is invalid.
    static let invalid = EndStatus(rawValue: 6)
    /// `verify`: neither can be said.
    static let indeterminate = EndStatus(rawValue: 7)

    init(_ error: ErrorName) { rawValue = error.exitStatus }

    private init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}
