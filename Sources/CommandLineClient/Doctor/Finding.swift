// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import SystemBasics
import Texts

/// One line of `eonay doctor`: what was found, and what mends it.
struct Finding: Sendable, Equatable {
    enum State: String, Sendable, CaseIterable {
        case fine
        /// Something is missing that an approval does without.
        case warning
        /// It stands in the way of an approval.
        case fault
        /// Not looked at, or no answer came in time.
        case unknown
    }

    let topic: Topic
    /// A stable word for programs; eonay-doctor(1) lists them.
    let code: String
    var state: State
    let sentence: Phrase
    let remedy: Phrase?
    let command: Command?

    init(
        _ code: FindingCode, _ state: State, _ sentence: Phrase, remedy: Phrase? = nil, command: Command? = nil
    ) {
        (self.topic, self.code, self.state) = (code.topic, code.rawValue, state)
        (self.sentence, self.remedy, self.command) = (sentence, remedy, command)
    }

    private init(_ topic: Topic, _ word: String, _ sentence: Phrase, remedy: Phrase? = nil, command: Command? = nil) {
        (self.topic, code, state) = (topic, "\(topic.rawValue).\(word)", .unknown)
        (self.sentence, self.remedy, self.command) = (sentence, remedy, command)
    }

    /// Nothing can be found out here, for what the other topic's line says.
    static func notLookedAt(_ topic: Topic, because cause: Topic) -> Finding {
        Finding(topic, "not-looked-at", .text(Texts.marked("Not looked at, because of: %1"), [.topic(cause)]))
    }

    /// The look was given up after its time.
    static func noAnswer(_ topic: Topic, remedy: Phrase? = nil, command: Command? = nil) -> Finding {
        Finding(
            topic, "no-answer", .text(Texts.marked("No answer came in time.")), remedy: remedy, command: command)
    }

    /// The same with less weight, where something else does what this cannot.
    var eased: Finding {
        var finding = self
        if state == .fault { finding.state = .warning }
        return finding
    }
}

/// A sentence that is not in a language yet.
enum Phrase: Sendable, Equatable {
    /// A marked text and what stands for %1 and up.
    case text(String, [Argument] = [])
    /// The sentences of an error of the contract.
    case what(ErrorName, detail: String = "")
    case remedy(ErrorName, detail: String = "")

    enum Argument: Sendable, Equatable {
        case plain(String)
        /// The name of a person, a card or a computer: never in a report.
        case personal(String)
        /// A file; in a report, the home folder's name is left out.
        case path(String)
        case topic(Topic)
        /// A fault in a line of a file, which may name anything.
        case problem(ConfigurationProblem)
    }

    /// - Parameter isPublic: without what is personal.
    func said(_ texts: Texts, isPublic: Bool = false) -> String {
        switch self {
        case .what(let error, let detail): return texts.error(error, detail: detail).what
        case .remedy(let error, let detail): return texts.error(error, detail: detail).remedy
        case .text(let source, let arguments):
            let said = arguments.map { argument in
                switch argument {
                case .plain(let text): ShowableText.line(text)
                case .personal(let text): isPublic ? Mask.mark : ShowableText.line(text, atMost: 500)
                case .path(let path): ShowableText.line(isPublic ? Mask.withoutHome(path) : path)
                case .topic(let topic): topic.label(texts)
                case .problem(let problem):
                    isPublic ? Mask.mark : ShowableText.line(texts.sentence(for: problem), atMost: 500)
                }
            }
            return Self.filled(texts.text(source), said)
        }
    }

    private static func filled(_ text: String, _ arguments: [String]) -> String {
        var (filled, rest) = ("", text[...])
        while let character = rest.popFirst() {
            if character == "%", let number = rest.first?.wholeNumberValue, (1...arguments.count).contains(number) {
                filled += arguments[number - 1]
                rest.removeFirst()
            } else {
                filled.append(character)
            }
        }
        return filled
    }
}

/// The subject of a line: from the card to the portal, in the order of the lines.
enum Topic: String, Sendable, CaseIterable {
    case pcscd, reader, card, driver, certificate, prompt, notifications, clock, configuration, record, service, portal
    case responder

    func label(_ texts: Texts) -> String {
        switch self {
        case .pcscd: texts.text("Card service")
        case .reader: texts.text("Reader")
        case .card: texts.text("Card")
        case .driver: texts.text("Driver")
        case .certificate: texts.text("Certificate")
        case .prompt: texts.text("PIN prompt")
        case .notifications: texts.text("Notifications")
        case .clock: texts.text("Clock")
        case .configuration: texts.text("Settings")
        case .record: texts.text("Record")
        case .service: texts.text("Service")
        case .portal: texts.text("Portal")
        case .responder: texts.text("Responder")
        }
    }

    /// Whether an approval needs it: what is not known of these is not good enough.
    var isNeeded: Bool {
        switch self {
        case .notifications, .clock, .configuration, .responder: false
        default: true
        }
    }
}

/// The stable words of the lines. A word is never given a new meaning.
enum FindingCode: String, Sendable, CaseIterable {
    case cardServiceRuns = "pcscd.running"
    case cardServiceMissing = "pcscd.missing"
    case cardServiceStopped = "pcscd.stopped"
    case cardServiceDenies = "pcscd.denied"
    case cardServiceUnseen = "pcscd.unseen-by-service"
    case readerFound = "reader.connected"
    case noReader = "reader.none"
    case cardIn = "card.in"
    case noCard = "card.none"
    case cardMute = "card.mute"
    case cardHeld = "card.held"
    case driverReads = "driver.reads"
    case noDriver = "driver.none"
    case driverMissing = "driver.file-missing"
    case driverOfWrongClass = "driver.wrong-class"
    case driverLacksLibrary = "driver.library-missing"
    case driverRefused = "driver.refused"
    case driverCrashed = "driver.crashed"
    case driverSilent = "driver.silent"
    case driverFailed = "driver.failed"
    case cardUnknown = "driver.unknown-card"
    case certificateGood = "certificate.good"
    case noCertificate = "certificate.none"
    case certificateExpired = "certificate.expired"
    case certificateEarly = "certificate.not-yet-valid"
    case pinLocked = "certificate.pin-locked"
    case pinFinalTry = "certificate.pin-final-try"
    case pinCountLow = "certificate.pin-count-low"
    case promptWorks = "prompt.works"
    case noPinentry = "prompt.no-pinentry"
    case noDisplay = "prompt.no-display"
    case promptFailed = "prompt.failed"
    case terminalOnly = "prompt.terminal-only"
    case notificationsShown = "notifications.shown"
    case noNotifications = "notifications.none"
    case noButtons = "notifications.no-buttons"
    case notificationsOff = "notifications.off"
    case clockSynchronised = "clock.synchronised"
    case clockUnsynchronised = "clock.unsynchronised"
    case configurationGood = "configuration.good"
    case configurationLine = "configuration.line"
    case recordGood = "record.good"
    case recordUnwritable = "record.unwritable"
    case recordReadOnly = "record.read-only"
    case recordFull = "record.full"
    case recordOpen = "record.open-to-others"
    case recordWithoutLocks = "record.no-locks"
    case recordUnkept = "record.unkept"
    case serviceRuns = "service.running"
    case serviceStartable = "service.startable"
    case noBus = "service.no-bus"
    case serviceSilent = "service.silent"
    case noActivation = "service.no-activation"
    case noUnit = "service.no-unit"
    case noAutostart = "service.no-autostart"
    case portalReached = "portal.reached"
    case noPortal = "portal.none"
    case portalUnreachable = "portal.unreachable"
    case portalSilent = "portal.silent"
    case portalTLS = "portal.tls"
    case portalForeign = "portal.foreign"
    case clockOff = "portal.clock-off"
    case responderReached = "responder.reached"
    case noResponder = "responder.none"
    case responderUnreachable = "responder.unreachable"

    var topic: Topic { Topic(rawValue: String(rawValue.prefix { $0 != "." }))! }
}
