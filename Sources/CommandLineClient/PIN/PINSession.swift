// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import PortalContract
import Texts

/// A change of a PIN, or an unblocking, from the call to its end, as the command follows it. Lives in the command's task.
final class PINSession {
    private let task: PINTask
    private let card: String
    private let finalTry: Bool
    private let entry: PINEntryMethod
    private let console: Console
    private let service: ServiceClient
    private let events: ServiceEvents
    private let interruptions: Interruptions
    private var path = Contract.root
    private var properties = PropertyValues<PINOperationInterface>()

    /// How long the command waits for the end of a cancellation.
    private static let patience: Duration = .seconds(5)

    /// Connects to the bus. From here on Ctrl-C does not end the process.
    init(
        _ task: PINTask, card: String, finalTry: Bool, _ entry: PINEntryMethod, _ program: Program, _ console: Console
    ) async throws {
        (self.task, self.card, self.finalTry, self.entry, self.console) = (task, card, finalTry, entry, console)
        events = ServiceEvents(on: program.loop)
        interruptions = try Interruptions(of: program, to: events, sharesTerminal: entry.loan != nil)
        service = try await ServiceClient(on: program.loop)
    }

    /// Calls, and follows the operation to its end. Throws what the service refuses at once, and `ServiceLost`.
    func run() async throws -> PINEnd {
        _ = try await console.waitForCards(service)
        // From before the call on, which names the object: so no signal is missed.
        try await events.addSignals(of: service, .service)
        events.addBusEnd(of: service)
        path = try await call()
        events.addOwner(of: service)
        if let end = try await look() { return end }
        for await event in events.events {
            if let end = try await follow(event) { return end }
        }
        throw Failure(.serviceLost)
    }

    private func call() async throws -> ObjectPath {
        var options: [ApprovalOption: Value] = [.bound: .bool(true), .finalTry: .bool(finalTry)]
        options[.locale] = Surroundings.locale.map { .string($0) }
        options.merge(entry.options(withDisplay: true)) { $1 }
        let method: ServiceInterface.Method = task == .change ? .changePIN : .unblockPIN
        // From here on there is something to be cancelled, also before the answer.
        interruptions.areEvents = true
        do {
            let answer = try await service.call(method, [.string(card), .approvalOptions(options)])
            guard let path = answer.first?.objectPath else { throw Failure(.serviceForeign) }
            return path
        } catch let failure as Failure where failure == Failure(.noCertificate) && !card.isEmpty {
            throw Failure(.unknownCertificate, subject: card, detail: failure.technical)
        }
    }

    private func follow(_ event: ServiceEvents.Event) async throws -> PINEnd? {
        switch event {
        case .signal(let signal) where signal.path == path: return follow(signal)
        case .interrupted:
            events.add(.patienceIsOver, after: Self.patience)
            do {
                _ = try await Failure.mapping {
                    try await service.bus.call(Contract.busName, path, PINOperationInterface.self, .cancel)
                }
            } catch let failure as Failure where failure.code != .unknownError {
                // The object has gone, so it was over; or the service has. Either is in the stream.
            }
        case .owner(nil), .busGone: throw Failure(.serviceLost)
        case .patienceIsOver: throw Failure(.cancelled)
        case .signal, .owner, .tick: break
        }
        return nil
    }

    private func follow(_ signal: Signal) -> PINEnd? {
        if signal.of(PropertiesInterface.self) == .propertiesChanged, signal.arguments.count > 1 {
            let before = state
            properties.merge(PropertyValues(signal.arguments[1]))
            if state != before { showState() }
        }
        return signal.of(PINOperationInterface.self) == .completed ? end : nil
    }

    /// Asks the object itself: its end may have come before its path was known.
    private func look() async throws -> PINEnd? {
        properties = try await service.properties(of: PINOperationInterface.self, at: path)
        showState()
        return end
    }

    private var state: String { properties[.state]?.string ?? "" }

    /// A prompt on this terminal says enough itself.
    private func showState() {
        guard state == "waiting-for-pin", entry.asksInWindow, console.error.isTerminal, !console.isJSON,
            !console.isQuiet
        else { return }
        console.error.write(console.texts.text("Enter it in the window that has opened.") + "\n")
    }

    private var end: PINEnd? {
        guard let result = properties[.result]?.string, !result.isEmpty else { return nil }
        return PINEnd(
            path: path, task: task, result: result,
            error: ServiceFault(properties[.error], detail: properties[.errorDetail]))
    }
}

/// The end of a PIN operation, for people and programs.
struct PINEnd {
    let path: ObjectPath
    let task: PINTask
    let result: String
    let error: ServiceFault

    /// Throws where the card has no new PIN: a `Failure` that is still to be printed, or with --json `Ended`.
    func print(on console: Console) throws {
        let failure = result == "changed" ? nil : error.failure
        if console.isJSON {
            console.print([
                "operation": .string(path.text), "kind": .string(task.rawValue), "result": .string(result),
                "error": failure.map { $0.json(console.texts) } ?? .null,
            ])
            if let failure { throw Ended(status: failure.status) }
            return
        }
        if let failure { throw failure }
        switch task {
        case .change: console.note(console.texts.text("The card has its new PIN."))
        case .unblock: console.note(console.texts.text("The PIN is unblocked; the card has its new PIN."))
        }
    }
}
