// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Glibc

/// The common part of `approve`, `sign` and `renew`: from the choices to the printed end.
enum Approving {
    static func run(_ kind: ApprovalOrder.Kind, _ choices: ApprovalChoices, _ console: Console) throws {
        try choices.check(of: kind.command)
        let identity = choices.identity ? try IdentityPrompt.read(console.texts).digits : nil
        let pinEntry = try PINEntryMethod(choices)
        let order = ApprovalOrder(kind, choices, identity: identity, pinEntry: pinEntry)
        // Last of all, and however this ends: the job may have been killed with the echo off.
        defer { pinEntry.loan?.restore() }
        try Program.run { (program: Program) in
            let approval = try await ApprovalSession(order, program, console).run()
            pinEntry.loan?.restore()
            try ApprovalResult(approval: approval).print(on: console)
        }
    }
}

/// One approval from the call to its end, as a command follows it. Lives in the command's task.
final class ApprovalSession {
    private let order: ApprovalOrder
    let service: ServiceClient
    private let events: ServiceEvents
    private let interruptions: Interruptions
    private let progress: ProgressLine
    private let path: ObjectPath
    private var properties = PropertyValues<ApprovalInterface>()
    private var isCancelling = false

    /// How long the command waits for the end of a cancellation.
    private static let patience: Duration = .seconds(5)

    private var approval: ServiceApproval { ServiceApproval(path, properties) }

    /// Connects to the bus. From here on Ctrl-C does not end the process.
    init(_ order: ApprovalOrder, _ program: Program, _ console: Console) async throws {
        self.order = order
        let sharesTerminal = order.pinEntry.loan != nil
        events = ServiceEvents(on: program.loop)
        interruptions = try Interruptions(of: program, to: events, sharesTerminal: sharesTerminal)
        progress = ProgressLine(console, sharesTerminal: sharesTerminal)
        path = try order.path
        service = try await ServiceClient(on: program.loop)
    }

    /// Calls, and follows the approval to its end. Throws what the service refuses at once, `ServiceLost` and `OutcomeUnknown`.
    func run() async throws -> ServiceApproval {
        defer { progress.clear() }
        // The service may have only just started, and not know the card that is in. If this takes too long, its answer to the call says so.
        _ = try await service.settled { progress.showReading() }
        let certificate = try await certificate()
        // The signals are heard from before the call on, so that none is missed.
        try await events.addSignals(of: service, SignalMatch(sender: Contract.busName, path: path))
        events.addBusEnd(of: service)
        try await call(certificate)
        events.addOwner(of: service)
        if progress.countsDown { events.add(.tick, after: .seconds(1), repeats: true) }
        if let end = try await look() { return end }
        progress.show(approval)
        for await event in events.events {
            if let end = try await follow(event) { return end }
        }
        throw lost
    }

    private func certificate() async throws -> String {
        guard order.certificate.isEmpty else { return order.certificate }
        let search = CertificateSearch(service: service, seconds: order.wait)
        return try await search.id {
            progress.showWaiting()
            // Nobody sees the progress line of a program that a click has started.
            if order.confirms { await DesktopMessage.askForCard(progress.texts, service.bus) }
        }
    }

    private func call(_ certificate: String) async throws {
        // A service that has `Ready` also knows the display's options.
        let takesDisplay = try await service.properties(of: ServiceInterface.self, at: Contract.root)[.ready] != nil
        let call = order.call(certificate: certificate, withDisplay: takesDisplay)
        // From here on there is something to be cancelled, also before the answer.
        interruptions.areEvents = true
        do {
            _ = try await service.call(call.method, call.arguments)
        } catch let failure as Failure where failure == Failure(.noCertificate) && !order.certificate.isEmpty {
            throw Failure(.unknownCertificate, subject: order.certificate, detail: failure.technical)
        }
    }

    /// The approval, once it is over.
    private func follow(_ event: ServiceEvents.Event) async throws -> ServiceApproval? {
        switch event {
        case .signal(let signal): return follow(signal)
        case .tick: progress.show(approval)
        case .interrupted: try await cancel()
        case .owner(nil): return try await look()
        case .owner: break
        case .busGone: throw lost
        case .patienceIsOver:
            if isCancelling { throw isSubmitted ? Failure(.outcomeUnknown) : Failure(.cancelled) }
        }
        return nil
    }

    private func follow(_ signal: Signal) -> ServiceApproval? {
        if signal.of(PropertiesInterface.self) == .propertiesChanged, signal.arguments.count > 1 {
            properties.merge(PropertyValues(signal.arguments[1]))
            if !isOver { progress.show(approval) }
        }
        let texts = signal.arguments.compactMap(\.string)
        guard signal.of(ApprovalInterface.self) == .completed, texts.count == 3 else { return nil }
        properties[.result] = .string(texts[0])
        properties[.error] = .structure([.string(texts[1]), .string(texts[2])])
        return approval
    }

    private func cancel() async throws {
        isCancelling = true
        events.add(.patienceIsOver, after: Self.patience)
        do {
            _ = try await Failure.mapping {
                try await service.bus.call(Contract.busName, path, ApprovalInterface.self, .cancel)
            }
        } catch let failure as Failure where failure.code != .unknownError {
            // The object has gone, so the approval was over; or the service has. Either is in the stream.
        }
    }

    /// Asks the object itself. This starts a service that has ended meanwhile, and it knows what became of what had reached the portal.
    private func look() async throws -> ServiceApproval? {
        do {
            properties = try await service.properties(of: ApprovalInterface.self, at: path)
        } catch is Failure {
            throw lost
        }
        return isOver ? approval : nil
    }

    private var isOver: Bool { !approval.result.isEmpty }

    private var isSubmitted: Bool { approval.state == "submitting" }

    private var lost: Failure { isSubmitted ? Failure(.outcomeUnknown) : Failure(.serviceLost) }
}

/// Ctrl-C while an approval or a PIN operation is waited for: before its call it ends the program's work, later it is an
/// event, and the second time the end of all patience.
final class Interruptions: Sendable {
    // Unsafe: touched on the loop's thread only, as the program's task is.
    nonisolated(unsafe) var areEvents = false
    nonisolated(unsafe) private var count = 0
    nonisolated(unsafe) private var signals: UnixSignals?

    init(of program: Program, to events: ServiceEvents, sharesTerminal: Bool) throws {
        // SIGTSTP is caught and dropped where the terminal is lent (see `TerminalLoan`).
        let taken = [SIGINT, SIGTERM, SIGHUP] + (sharesTerminal ? [SIGTSTP] : [])
        signals = try UnixSignals(taken, on: program.loop) { [weak self] signal in
            guard let self, signal != SIGTSTP else { return }
            count += 1
            guard areEvents else { return program.end(with: Failure(.cancelled)) }
            events.add(count == 1 ? .interrupted : .patienceIsOver)
        }
    }
}
