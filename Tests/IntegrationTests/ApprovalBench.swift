// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Dispatch
import Glibc
import TestBench
import Testing
import VirtualCard

/// A desktop with a card in its reader, a portal that trusts it, and the service that knows both.
final class ApprovalBench: Sendable {
    let desktop: Desktop
    let portal: TestPortal
    let service: ChildProcess
    let bus: SessionBus
    let card: TestCard
    /// The id of the card's certificate.
    let certificate: String

    init(
        _ model: CardDescription.Model = .akis, keyType: KeyType = .rsa2048,
        change: (inout CardDescription) -> Void = { _ in }
    ) async throws {
        desktop = try await Desktop()
        portal = try await desktop.startConfiguredPortal()
        service = try await desktop.startService()
        bus = try await SessionBus(desktop)
        var description = try desktop.card(model, [CertificateRequest(keyType: keyType)])
        change(&description)
        card = try TestCard(description, in: desktop.pcscd.readers[0])
        try await card.insert()
        certificate = try await Self.certificate(on: bus)
    }

    /// Waits for the first certificate and gives its id.
    static func certificate(on bus: SessionBus) async throws -> String {
        let added = try await bus.signals.next {
            $0.member == "InterfacesAdded" && $0.arguments.first?.objectPath?.text.contains("/certificate/") == true
        }
        return added.arguments.first?.objectPath?.text.split(separator: "/").last.map(String.init) ?? ""
    }

    /// How an approval ended.
    struct End: Equatable {
        var result: String
        /// Without the contract's prefix.
        var error: String
    }

    /// Calls `Approve` with a PIN in a pipe; `pin` "" gives an empty one.
    func approve(
        _ decision: String = "accept", pin: String, options: [String: Value] = [:]
    ) async throws -> ObjectPath {
        var options = options
        options["pin"] = .descriptor(try Self.pipe(holding: pin.isEmpty ? "" : "\(pin)\n\(pin)\n"))
        return try await approve(decision, options: options)
    }

    func approve(_ decision: String = "accept", options: [String: Value]) async throws -> ObjectPath {
        let answer = try await bus.call("Approve", .string(""), .string(decision), .options(options))
        return try #require(answer.first?.objectPath)
    }

    /// Waits for the end of an approval.
    func completion(of approval: ObjectPath) async throws -> End {
        let signal = try await bus.signals.next(within: .seconds(60)) {
            $0.member == "Completed" && $0.path == approval
        }
        let error = signal.arguments[1].string ?? ""
        return End(
            result: signal.arguments[0].string ?? "", error: error.split(separator: ".").last.map(String.init) ?? "")
    }

    /// The reading end of a pipe that holds a text, and nothing after it.
    static func pipe(holding text: String) throws -> FileDescriptorHandle {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw BusError(name: BusError.failed, message: "pipe") }
        let bytes = Array(text.utf8)
        _ = Glibc.write(ends[1], bytes, bytes.count)
        close(ends[1])
        return FileDescriptorHandle(owning: ends[0])
    }

    func stop() async {
        await service.kill()
        await portal.process.kill()
    }
}
