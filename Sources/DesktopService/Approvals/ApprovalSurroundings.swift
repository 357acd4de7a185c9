// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import SystemBasics
import Texts

/// The state of the readers, as an approval finds it.
struct CardSituation {
    /// The card with its certificate.
    struct Card {
        let facts: ApprovalFacts
        let token: CardToken
        /// Cards that a module may show under the same name.
        let rivals: [CardToken]
    }

    /// Nil while it is out or not read.
    var card: Card?
    /// A card is in of which nothing is known yet: it may be the one.
    var isReading = false
    /// Why a card that is wanted is not there.
    var absence = ErrorName.noToken
}

extension CardSituation {
    /// The state of the readers for an approval with this certificate.
    init(for certificate: String, among cards: Cards, _ registry: CertificateRegistry) {
        self.init(isReading: cards.isReading, absence: cards.absence)
        guard let entry = registry[certificate], let token = cards.token(holding: certificate) else { return }
        let facts = ApprovalFacts(
            validity: entry.validity, hindrances: entry.hindrances, pinState: token.pinState,
            missingDriver: token.missingDriver.map { ApprovalFailure($0, detail: token.family?.rawValue ?? "") })
        card = Card(facts: facts, token: token, rivals: cards.rivals(of: token))
    }
}

/// The parts of the outside world that approvals use.
struct ApprovalSurroundings {
    let scheduler: any Scheduler
    let clock: any WallClock
    let jobs: any JobLauncher
    let callers: any Callers
    let patience: ApprovalPatience
    let log: Log
    let settings: () -> (configuration: DesktopConfiguration, texts: Texts)
    /// How things stand in the readers for this certificate.
    let card: (String) -> CardSituation
    /// The page on which a certificate's issuer unlocks a PIN.
    var unlockPage: (String) -> String? = { _ in nil }

    /// The outcome, and where a locked PIN is unlocked: the last word of the detail.
    func completed(_ outcome: ApprovalOutcome, of certificate: String) -> ApprovalOutcome {
        guard let failure = outcome.failure, failure.error == .pinLocked, let page = unlockPage(certificate) else {
            return outcome
        }
        let detail = failure.detail.isEmpty ? page : "\(failure.detail) \(page)"
        return ApprovalOutcome(
            outcome.result, failure: ApprovalFailure(.pinLocked, detail: detail), reference: outcome.reference,
            number: outcome.number)
    }

    /// The sentence for people: the fault and its remedy.
    func message(for failure: ApprovalFailure?) -> String {
        guard let failure else { return "" }
        let explanation = settings().texts.error(failure.error, detail: failure.detail)
        return "\(explanation.what) \(explanation.remedy)"
    }
}

/// The programs that ask for approvals, and their session.
protocol Callers {
    /// Descriptors of callers that are held at the moment.
    var lentDescriptors: Int { get }

    /// Calls `completion` with the process behind a connection; nil where it is not known.
    func process(of connection: String, _ completion: @escaping (Int32?) -> Void)

    /// Calls `handler` when the connection has left the bus.
    func watch(_ connection: String, left handler: @escaping () -> Void) -> any Cancellable

    /// Where the session shows windows now.
    func sessionDisplay() async -> SessionDisplay
}

extension NameWatch: Cancellable {}

/// The callers on the session bus.
final class BusCallers: Callers {
    private let bus: Connection
    private let ownDisplay: SessionDisplay

    /// How long systemd may take to say what its environment is.
    private static let patience: Duration = .seconds(2)

    /// - Parameter ownDisplay: where windows can be seen, as the service's own environment says.
    init(_ bus: Connection, ownDisplay: SessionDisplay) { (self.bus, self.ownDisplay) = (bus, ownDisplay) }

    var lentDescriptors: Int { bus.lentDescriptors }

    func process(of connection: String, _ completion: @escaping (Int32?) -> Void) {
        let completion = LoopBound(completion, on: bus.loop)
        bus.credentials(of: connection) { completion.value($0?.process) }
    }

    func watch(_ connection: String, left handler: @escaping () -> Void) -> any Cancellable {
        let handler = LoopBound(handler, on: bus.loop)
        return bus.watchName(connection) { if $0 == nil { handler.value() } }
    }

    /// Desktops hand their variables to systemd's user manager when they start: a service that was started before the desktop (by ssh, by
    /// an early login) has none, and one that has outlived a session has that one's. Without systemd nobody can be asked.
    func sessionDisplay() async -> SessionDisplay {
        // No answer is an answer, too: there is no such manager here.
        let value = try? await bus.call(
            "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "Get",
            [.string("org.freedesktop.systemd1.Manager"), .string("Environment")], timeout: Self.patience,
            startsService: false)
        let variables = value?.first?.unwrapped.elements?.compactMap(\.string) ?? []
        let managed = SessionDisplay(environment: variables)
        return managed.isNowhere ? ownDisplay : managed
    }
}

/// How long an approval waits for its jobs, measured outside of them: a job that hangs holds nobody up for longer.
public struct ApprovalPatience: Sendable {
    /// The time for a courier to start and to make itself ready.
    public var courierStart: Duration = .seconds(10)
    /// The time that a courier gives a portal for the connection, in milliseconds.
    public var portalConnect: UInt32 = 10_000
    /// The time that a courier gives a portal for one request, the connection included, in milliseconds.
    public var portalTotal: UInt32 = 30_000
    /// The time for a courier beyond the portal's, to report the outcome.
    public var courierMargin: Duration = .seconds(5)
    /// The time for a courier to end its session at the portal.
    public var courierFarewell: Duration = .seconds(5)
    /// How long the PIN prompt waits for the certificate's responder.
    public var revocation: Duration = .seconds(3)
    /// How much longer than the code a token job may live: to say that the time is over, and to log out.
    public var tokenFarewell: Duration = .seconds(15)

    /// The times of the program.
    public init() {}

    /// How long a courier may take for a question.
    func forCourier(_ question: PortalQuestion) -> Duration {
        .milliseconds(portalTotal) * question.mostRequests + courierMargin
    }
}

extension PortalQuestion {
    /// How many requests a courier may make to answer it: a signature whose answer was lost is posted again, and then its session is asked.
    fileprivate var mostRequests: Int {
        switch self {
        case .submit: 3
        case .statement, .session, .code, .confirm, .decide, .apply, .newestApplication: 1
        }
    }
}
