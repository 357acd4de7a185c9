// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops

/// One approval from the call to its end, as a command follows it. Lives in the command's task.
final class ApprovalSession {
    private let order: ApprovalOrder
    private let service: ServiceClient
    private let watch: ApprovalWatch
    private let progress: ProgressLine
    private let path: ObjectPath
    private var properties: [String: Value] = [:]
    private var isCancelling = false

    /// How long a cancellation may take before it is left to itself.
    private static let patience: Duration = .seconds(5)

    private var approval: ApprovalObject { ApprovalObject(path, properties) }

    init(_ order: ApprovalOrder, _ service: ServiceClient, _ watch: ApprovalWatch, _ progress: ProgressLine) throws {
        (self.order, self.service, self.watch, self.progress) = (order, service, watch, progress)
        path = try order.path
    }

    /// Calls, and follows the approval to its end. Throws what the service refuses at once, `ServiceLost` and `OutcomeUnknown`.
    func run() async throws -> ApprovalObject {
        defer { progress.clear() }
        // The service may have only just started, and not know the card that is in. Should this take too long, its answer tells.
        _ = try await service.settled(on: watch.loop) { progress.showReading() }
        let certificate = try await certificate()
        try await watch.listen(to: service, at: path)
        // Of one age with `Ready`.
        let takesDisplay = try await service.properties(of: ServiceInterface.name, at: Contract.root)["Ready"] != nil
        let arguments = order.arguments(certificate: certificate, withDisplay: takesDisplay)
        do {
            _ = try await service.call(order.member, arguments)
        } catch let failure as Failure where failure == Failure(.noCertificate) && !order.certificate.isEmpty {
            throw Failure(.unknownCertificate, subject: order.certificate, detail: failure.technical)
        }
        watch.begin(service, ticks: progress.countsDown)
        if let end = try await look() { return end }
        progress.show(approval)
        for await news in watch.news {
            if let end = try await take(news) { return end }
        }
        throw lost
    }

    private func certificate() async throws -> String {
        guard order.certificate.isEmpty else { return order.certificate }
        let search = CandidateSearch(service: service, loop: watch.loop, seconds: order.wait)
        return try await search.id {
            progress.showWaiting()
            // Who clicked sees no progress line.
            if order.confirms { await DesktopMessage.askForCard(progress.texts, service.bus) }
        }
    }

    /// The approval, once it is over.
    private func take(_ news: ApprovalNews) async throws -> ApprovalObject? {
        switch news {
        case .signal(let signal): return took(signal)
        case .tick: progress.show(approval)
        case .interrupted: try await cancel()
        case .serviceGone: return try await look()
        case .busGone: throw lost
        case .patienceOver:
            if isCancelling { throw isSubmitted ? Failure(.outcomeUnknown) : Failure(.cancelled) }
        }
        return nil
    }

    private func took(_ signal: Signal) -> ApprovalObject? {
        switch signal.member {
        case "PropertiesChanged" where signal.arguments.count > 1:
            properties.merge(Value.properties(signal.arguments[1])) { $1 }
            if !isOver { progress.show(approval) }
        case "Completed" where signal.interface == ApprovalInterface.name:
            let texts = signal.arguments.compactMap(\.string)
            guard texts.count == 3 else { return nil }
            properties["Result"] = .string(texts[0])
            properties["Error"] = .structure([.string(texts[1]), .string(texts[2])])
            return approval
        default: break
        }
        return nil
    }

    private func cancel() async throws {
        isCancelling = true
        watch.beginWaiting(for: Self.patience)
        do {
            _ = try await Failure.mapping {
                try await service.bus.call(Contract.busName, path, ApprovalInterface.name, "Cancel")
            }
        } catch let failure as Failure where failure.code != .unknownError {
            // The object has gone, so the approval was over; or the service has. Either is in the stream.
        }
    }

    /// Asks the object itself. A service that has ended meanwhile is started again by that, and knows what became of what had
    /// reached the portal.
    private func look() async throws -> ApprovalObject? {
        do {
            properties = try await service.properties(of: ApprovalInterface.name, at: path)
        } catch is Failure {
            throw lost
        }
        return isOver ? approval : nil
    }

    private var isOver: Bool { !approval.result.isEmpty }

    private var isSubmitted: Bool { approval.state == "submitting" }

    private var lost: Failure { isSubmitted ? Failure(.outcomeUnknown) : Failure(.serviceLost) }
}
