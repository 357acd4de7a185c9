// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import TokenBench
import VirtualCard

/// A desktop with a card in its reader, a portal that trusts it, and the service that knows both.
final class ApprovalBench: Sendable {
    /// The configured portal.
    enum Portal {
        /// A real one.
        case real
        /// A real one behind a gate.
        case gated
        /// One that says what was written down for it.
        case scripted([String])
        /// An origin where nobody listens.
        case nobody
        /// None.
        case none
    }

    let desktop: Desktop
    /// The card's.
    let reader: TestReader
    let portal: TestPortal?
    let gate: PortalGate?
    let script: PortalScript?
    let pinentry: FakePinentry?
    let lying: LyingModule?
    let card: TestCard
    let bus: SessionBus
    /// The id of the card's certificate.
    let certificate: String
    private let running: Running

    /// Starts it all. The card is in and read when this returns.
    ///
    /// - Parameters:
    ///   - withPinentry: whether PINs can be asked for; without, a prompt has nowhere to show itself.
    ///   - isPlugged: the card's reader is one that was plugged in.
    ///   - addresses: where the card's certificates say that they can be asked about.
    ///   - names: the readers' names, where they matter.
    ///   - lies: what is told to a module that stands before OpenSC's, while the card is read for the first time as well.
    ///   - asksResponders: whether the card's responder is asked as soon as the card is in, and not by approvals alone.
    ///   - change: changes the card before it is put in.
    init(
        _ model: CardDescription.Model = .piv, _ requests: [CertificateRequest] = [CertificateRequest(keyType: .p256)],
        portal kind: Portal = .real, withPinentry: Bool = false, readers: Int = 1, isPlugged: Bool = false,
        addresses: AuthorityAddresses = AuthorityAddresses(), names: [[UInt8]]? = nil, lies: [String]? = nil,
        settings: String = "", asksResponders: Bool = false, change: (inout CardDescription) -> Void = { _ in }
    ) async throws {
        // First what waits for its turn: so many of these run at a time, and all else with them.
        desktop = try await Desktop(
            names.map { .named($0) } ?? .own(isPlugged ? 0 : readers),
            environment: ["DISPLAY": withPinentry ? ":99" : ""],
            addresses: addresses)
        gate = if case .gated = kind { try await PortalGate() } else { nil }
        script = if case .scripted(let steps) = kind { try await PortalScript(steps) } else { nil }
        reader = isPlugged ? try desktop.pcscd.plugIn() : desktop.pcscd.readers[0]
        pinentry = withPinentry ? try await FakePinentry(in: desktop) : nil
        var started: TestPortal?
        if case .real = kind { started = try await desktop.startPortal() }
        if let gate { started = try await desktop.startPortal(configuration: gate.configuration) }
        if let started { try await gate?.lead(to: started) }
        portal = started
        lying = if lies == nil { nil } else { try LyingModule(over: desktop.openSC.module) }
        try lying?.tell(lies ?? [])
        var origin = gate?.origin ?? script?.origin ?? started?.origin
        if case .nobody = kind { origin = "http://127.0.0.1:9" }
        try desktop.configure(
            (origin.map { "[Portal \"deneme\"]\nOrigin=\($0)\n\n" } ?? "")
                + "[Revocation]\nAsk=\(asksResponders)\n\n"
                + "[Prompt]\nPinentry=\(pinentry?.path ?? "/nonexistent")\n\(settings)",
            modules: lying.map { [$0.path] })
        running = Running(try await desktop.startService())
        bus = try await SessionBus(desktop)
        var description = try desktop.card(model, requests)
        change(&description)
        card = try TestCard(description, in: reader)
        try await card.insert()
        certificate = try await Self.certificate(on: bus)
    }

    /// Waits for the next certificate and gives its id.
    static func certificate(on bus: SessionBus) async throws -> String {
        let added = try await bus.signals.next {
            $0.member == "InterfacesAdded" && $0.arguments.first?.objectPath?.text.contains("/certificate/") == true
        }
        return added.arguments.first?.objectPath?.text.split(separator: "/").last.map(String.init) ?? ""
    }

    var origin: String { gate?.origin ?? script?.origin ?? portal?.origin ?? "" }

    // MARK: - The service's process

    var service: ChildProcess { running.service }

    /// Kills the service as a crash would, and starts it again. Returns when it owns its name.
    func restartService(signal: Int32? = nil, environment: [String: String] = [:]) async throws {
        if let signal {
            service.send(signal: signal)
            _ = await service.end()
        } else {
            await service.kill()
        }
        running.service = try await desktop.startService(environment: environment)
    }

    /// Starts the portal again, with its data, where it was.
    func revivePortal() async throws -> TestPortal {
        try await desktop.startPortal(origin: portal?.origin, configuration: gate?.configuration ?? "")
    }

    func stop() async {
        await service.kill()
        await portal?.process.kill()
    }
}
