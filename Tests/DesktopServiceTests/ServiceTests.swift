// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import EventLoops
import JobFrames
import Notifications
import Store
import TestBench
import Testing
import Texts

@testable import DesktopService

/// The whole service on a private bus. Cards, jobs, notices, configuration and clock are played by the test.
final class ServiceBench: Sendable {
    static let certificate = String(repeating: "c", count: 64)
    static let portal = "https://portal.example.org"

    let alarm: FakeAlarm
    let watcher = FakeWatcher()
    let jobs = FakeJobs()
    let presenter = FakePresenter()
    let configuration: FakeConfiguration
    let service: Service
    /// Another program on the bus.
    let client: Connection
    /// Every signal of the service.
    let signals = EventLog<Signal>("the service's signals")
    private let bus: PrivateBus
    private let connection: Connection
    private let thread: BlockingThread
    private let loops: [EventLoop]
    private let folder: TemporaryFolder

    /// - Parameter canKeep: whether the record has a place.
    init(at now: Int64 = 1_800_000_000, canKeep: Bool = true, language: Language = .turkish) async throws {
        alarm = FakeAlarm(now)
        var configured = DesktopConfiguration()
        configured.portals = [ConfiguredPortal(name: "deneme", origin: try Origin(Self.portal))]
        configuration = FakeConfiguration(configured)
        folder = try TemporaryFolder()
        if !canKeep { try folder.write("file", "") }
        bus = try await PrivateBus.start()
        loops = [try EventLoop(name: "service"), try EventLoop(name: "client")]
        for loop in loops { try loop.start() }
        thread = try BlockingThread(name: "store")
        (connection, client) = (Connection(on: loops[0]), Connection(on: loops[1]))
        for connection in [connection, client] { try await connection.open(.address(bus.address)) }
        await client.perform { [signals] bus in
            _ = bus.subscribe(SignalMatch(sender: Contract.busName)) { signals.append($0) }
        }
        jobs.playAll(.holding(Self.certificate))
        var parts = ServiceParts(
            loop: loops[0], bus: connection, systemBus: nil, alarm: alarm,
            store: Store(folder: folder.file(canKeep ? "state" : "file/state"), thread: thread), cards: watcher,
            jobs: jobs, notices: presenter, configuration: configured, texts: Texts(language), log: Log { _ in },
            version: "1.0.0")
        parts.configurationSource = configuration
        service = Service(parts)
        try await service.start()
        #expect(try await connection.requestName(Contract.busName) == .acquired)
        try await service.begin()
    }

    func stop() async {
        await service.stop()
        // A second call waits for the first and does nothing.
        await service.stop()
        for connection in [client, connection] { await connection.close() }
        thread.stop()
        for loop in loops { loop.stop() }
        await bus.stop()
    }

    // MARK: - The world

    /// Puts the card in and waits until it has been read.
    func insert() async throws {
        watcher.show(.present(atr: [0x3B], insertion: 1))
        try await until { try await $0.token("Certificates")?.elements?.count == 1 }
    }

    /// Done on the service's loop.
    func onLoop(_ body: @escaping @Sendable () -> Void) async { await connection.perform { _ in body() } }

    /// The service's answers show what was done before: its loop does things in their order.
    func until(_ isSo: (ServiceBench) async throws -> Bool) async throws {
        while try await !isSo(self) {}
    }

    /// What the service does after its answer shows after one of its next answers.
    func untilAnswered(_ isSo: (ServiceBench) -> Bool) async throws {
        try await until {
            _ = try await $0.property(.version)
            return isSo($0)
        }
    }

    // MARK: - The bus

    @discardableResult
    func call(_ method: ServiceInterface.Method, _ arguments: Value...) async throws -> [Value] {
        try await client.call(Contract.busName, Contract.root, ServiceInterface.self, method, arguments)
    }

    func begin(_ method: ServiceInterface.Method, _ options: [ApprovalOption: Value] = [:]) async throws -> ObjectPath {
        let what: [ServiceInterface.Method: Value] = [
            .approve: .string("accept"), .signCode: .string(FakeJobs.loginCode.digits),
        ]
        let answer = try await client.call(
            Contract.busName, Contract.root, ServiceInterface.self, method,
            [.string("")] + [what[method]].compactMap(\.self) + [.approvalOptions(options)])
        return try #require(answer.first?.objectPath)
    }

    func property(_ property: ServiceInterface.Property) async throws -> Value {
        try await client.property(
            property.rawValue, of: ServiceInterface.name, at: Contract.root, from: Contract.busName
        ).unwrapped
    }

    /// A property of the first card; nil where it cannot be had.
    func token(_ name: String, of number: UInt64 = 1) async throws -> Value? {
        try? await client.property(
            name, of: TokenInterface.name, at: Contract.tokenPath(number), from: Contract.busName
        ).unwrapped
    }

    func certificate(_ property: CertificateInterface.Property) async throws -> Value? {
        try? await client.property(
            property.rawValue, of: CertificateInterface.name, at: Contract.certificatePath(Self.certificate),
            from: Contract.busName
        ).unwrapped
    }

    /// The result that `Completed` says.
    func result(of approval: ObjectPath) async throws -> String? {
        try await signals.next { $0.member == "Completed" && $0.path == approval }.arguments.first?.string
    }
}

/// The mediator and its objects on the bus.
@Suite(.timeLimit(.minutes(2)))
struct ServiceTests {
    @Test func aServiceThatHasEndedIsReleased() async throws {
        weak var service: Service?
        do {
            let bench = try await ServiceBench()
            service = bench.service
            try await bench.insert()
            await bench.service.stop()
            // What is known can still be read, and nothing new begins.
            #expect(try await bench.call(.status).count == 1)
            let refusal = await #expect(throws: BusError.self) { try await bench.begin(.approve) }
            #expect(refusal?.name == "org.eonay.EOnay1.Error.Cancelled")
            await bench.stop()
        }
        #expect(service == nil)
    }

    @Test func aCardIsShownOnTheBusAndToItsPerson() async throws {
        let bench = try await ServiceBench()
        #expect(try await bench.property(.version).string == "1.0.0")
        #expect(try await bench.property(.recordState).string == "kept")
        #expect(try await bench.property(.portals).elements?.map(\.string) == [ServiceBench.portal])
        bench.watcher.show(.none)
        try await bench.until { try await $0.property(.watcherState).string == "watching" }
        #expect(try await bench.property(.readers).elements?.map(\.string) == ["Deneme 00 00"])
        try await bench.insert()
        #expect(bench.presenter.shown.map(\.key) == ["card:Deneme 00 00"])
        let token = try await bench.client.properties(
            of: TokenInterface.self, at: Contract.tokenPath(1), from: Contract.busName)
        #expect(TokenInterface.Property.allCases.allSatisfy { token[$0] != nil })
        let certificate = try await bench.client.properties(
            of: CertificateInterface.self, at: try Contract.certificatePath(ServiceBench.certificate),
            from: Contract.busName)
        #expect(CertificateInterface.Property.allCases.allSatisfy { certificate[$0] != nil })
        #expect(certificate[.present]?.bool == true && certificate[.approval]?.string == "none")
        #expect(try await bench.call(.status).first?.elements?.count == 1)
        #expect(try await bench.call(.expiry).first?.elements?.count == 1)
        bench.watcher.show(.none)
        try await bench.until { try await $0.certificate(.present)?.bool == false }
        #expect(bench.presenter.withdrawn == ["card:Deneme 00 00"])
        await bench.stop()
    }

    @Test(arguments: [
        (ServiceInterface.Method.approve, "recorded"), (.renew, "recorded"), (.signCode, "signed"),
    ])
    func anApprovalIsGiven(_ method: ServiceInterface.Method, _ result: String) async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        let approval = try await bench.begin(method, [.handleToken: .string("mine"), .bound: .bool(true)])
        #expect(approval == (try Contract.approvalPath(handleToken: "mine")))
        #expect(try await bench.result(of: approval) == result)
        let properties = try await bench.client.properties(
            of: ApprovalInterface.self, at: approval, from: Contract.busName)
        #expect(ApprovalInterface.Property.allCases.allSatisfy { properties[$0] != nil })
        #expect(properties[.result]?.string == result)
        let signatures = try await bench.client.call(
            Contract.busName, approval, ApprovalInterface.self, .signatures)
        #expect(signatures.first?.elements?.isEmpty == false)
        #expect(bench.presenter.shown.last?.key == "approval:\(approval.name)")
        let history = try await bench.call(.history, .uint32(0)).first?.elements
        #expect(history?.count == (method == .approve ? 1 : 0))
        if method == .approve {
            #expect(try await bench.certificate(.approval)?.string == "accepted")
            #expect(try await bench.begin(method, [.handleToken: .string("mine"), .bound: .bool(true)]) == approval)
        }
        await bench.stop()
    }

    @Test func anApprovalIsCancelledByItsCallerOrByAButton() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        bench.jobs.answer { (_: TokenRequest) in [] }
        let first = try await bench.begin(.approve)
        _ = try await bench.client.call(Contract.busName, first, ApprovalInterface.self, .cancel)
        #expect(try await bench.result(of: first) == "cancelled")
        let second = try await bench.begin(.approve, [.handleToken: .string("second")])
        #expect(try await bench.certificate(.approval)?.string == "pending")
        bench.presenter.tell(.action(key: "approval:second", id: "cancel:\(second.name)"))
        #expect(try await bench.result(of: second) == "cancelled")
        await bench.stop()
    }

    @Test func whatMemoryCanRefuseIsRefusedAtOnce() async throws {
        let bench = try await ServiceBench()
        await #expect(throws: ErrorName.noCertificate.busError("")) { try await bench.begin(.approve) }
        try await bench.insert()
        for (options, error) in [
            ([ApprovalOption.wait: Value.string("1")], ErrorName.invalidArgument),
            ([.wait: .uint32(90_000)], .invalidArgument),
            ([.handleToken: .string("a/b")], .invalidArgument), ([.identity: .string("1")], .invalidIdentity),
            ([.confirm: .bool(true), .interactive: .bool(false)], .invalidArgument),
            ([.display: .string("\u{1}")], .invalidArgument),
            ([.locale: .string(String(repeating: "x", count: 1025))], .invalidArgument),
            ([.portal: .string("https://other.example.org")], .portalNotConfigured),
        ] {
            await #expect(throws: error.busError("")) { try await bench.begin(.approve, options) }
        }
        await #expect(throws: ErrorName.invalidArgument.busError("")) {
            try await bench.call(.approve, .string(""), .string("accept"), .options(["nonsense": .bool(true)]))
        }
        await #expect(throws: ErrorName.invalidDecision.busError("")) {
            try await bench.call(.approve, .string(""), .string("perhaps"), .options([:]))
        }
        await #expect(throws: ErrorName.invalidCode.busError("")) {
            try await bench.call(.signCode, .string(""), .string("1"), .options([:]))
        }
        await bench.stop()
    }

    @Test func whatAResponderSaysIsShownOnTheBusAndToItsPerson() async throws {
        let bench = try await ServiceBench()
        let card = TokenDescription.holding(ServiceBench.certificate, namesResponder: true)
        let held = RevocationAnswer(
            .suspended, since: 1_750_000_000, reason: .certificateHold, thisUpdate: 1_799_999_000)
        bench.jobs.playAll(card, revocation: held)
        try await bench.insert()
        try await bench.until { try await $0.certificate(.revocation)?.string == "suspended" }
        #expect(try await bench.certificate(.revocationSince)?.int64 == 1_750_000_000)
        #expect(try await bench.certificate(.revocationReason)?.string == "certificateHold")
        #expect(try await bench.certificate(.revocationAsked)?.int64 == 1_800_000_000)
        // It is no hindrance: an approval asks anew.
        #expect(try await bench.certificate(.hindrances)?.elements?.isEmpty == true)
        let key = "revocation:\(ServiceBench.certificate)"
        try await bench.untilAnswered { $0.presenter.shown.last?.key == key }
        #expect(bench.presenter.shown.last?.summary == "Sertifikanız henüz kullanıma açılmamış")
        let row = try await bench.call(.listCertificates).first?.elements?.first
        #expect(row?.entries?.first { $0.key.string == "Revocation" }?.value.unwrapped.string == "suspended")

        bench.jobs.playAll(card, revocation: RevocationAnswer(.good, thisUpdate: 1_800_086_000))
        bench.alarm.set(now: 1_800_086_400)
        await bench.onLoop { bench.alarm.ring() }
        try await bench.until { try await $0.certificate(.revocation)?.string == "good" }
        #expect(try await bench.certificate(.revocationReason)?.string == "")
        try await bench.untilAnswered { $0.presenter.shown.last?.key == key }
        try await bench.untilAnswered { $0.presenter.shown.last?.summary == "Sertifikanız kullanıma açıldı" }
        await bench.stop()
    }

    @Test func aReminderIsSignalledShownAndPutOff() async throws {
        let bench = try await ServiceBench(at: 1_899_000_000)
        try await bench.insert()
        let reminder = try await bench.signals.next { $0.member == "ExpiryReminder" }
        #expect(reminder.arguments.first?.string == ServiceBench.certificate)
        try await bench.until { bench in
            _ = try await bench.property(.version)
            return bench.presenter.shown.contains { $0.key == "reminder" }
        }
        bench.presenter.tell(.shown(key: "reminder"))
        bench.presenter.tell(.action(key: "reminder", id: "snooze"))
        try await bench.until { try await $0.certificate(.snoozedUntil)?.int64 == 1_899_000_000 + 86_400 }
        #expect(bench.presenter.withdrawn.contains("reminder"))
        try await bench.call(.snooze, .string(""), .int64(0))
        #expect(try await bench.certificate(.snoozedUntil)?.int64 == 0)
        await #expect(throws: ErrorName.invalidArgument.busError("")) {
            try await bench.call(.snooze, .string(""), .int64(-1))
        }
        await #expect(throws: ErrorName.noCertificate.busError("")) {
            try await bench.call(.snooze, .string(String(repeating: "d", count: 64)), .int64(0))
        }
        // The clock was set to after its end.
        bench.alarm.set(now: 1_900_000_001)
        await bench.onLoop { bench.alarm.ring() }
        #expect(try await bench.certificate(.phase)?.string == "expired")
        await bench.stop()
    }

    @Test func aReminderThatNobodySawIsTakenBack() async throws {
        let bench = try await ServiceBench(at: 1_899_000_000)
        try await bench.insert()
        _ = try await bench.signals.next { $0.member == "ExpiryReminder" }
        for event: NotificationEvent in [
            .unavailable("nobody"), .shown(key: "reminder"), .closed(key: "reminder", reason: .dismissed),
        ] {
            bench.presenter.tell(event)
        }
        _ = try await bench.call(.expiry)
        await bench.stop()
    }

    @Test func buttonsBeginWhatTheyNameUnlessItStands() async throws {
        let bench = try await ServiceBench(at: 1_899_000_000)
        try await bench.insert()
        let id = ServiceBench.certificate
        bench.presenter.tell(.action(key: "reminder", id: "approve:\(id)"))
        _ = try await bench.signals.next { $0.member == "Completed" }
        bench.presenter.tell(.action(key: "reminder", id: "renew:\(id)"))
        _ = try await bench.signals.next { $0.member == "Completed" }
        // Both stand already, and an unknown certificate has neither.
        for button in ["approve:\(id)", "renew:\(id)", "approve:x", "renew:x"] {
            bench.presenter.tell(.action(key: "reminder", id: button))
        }
        try await bench.until { bench in
            _ = try await bench.property(.version)
            return bench.presenter.shown.filter { $0.key == "refusal" }.count == 4
        }
        #expect(bench.signals.all.filter { $0.member == "Completed" }.count == 2)
        await bench.stop()
    }

    @Test func withoutAPortalTheIssuersPageIsOpened() async throws {
        let bench = try await ServiceBench(at: 1_899_000_000)
        try await bench.insert()
        await bench.onLoop {
            bench.configuration.change { configuration in
                configuration.portals = []
                configuration.renewalPages = [RenewalPage(issuerPart: "Deneme", address: "https://issuer.example.org")]
            }
        }
        bench.presenter.tell(.action(key: "reminder", id: "renew:\(ServiceBench.certificate)"))
        try await bench.until { bench in
            _ = try await bench.property(.version)
            return bench.jobs.pages == ["https://issuer.example.org"]
        }
        bench.presenter.tell(.action(key: "reminder", id: "approve:\(ServiceBench.certificate)"))
        try await bench.until { bench in
            _ = try await bench.property(.version)
            return bench.presenter.shown.contains { $0.key == "refusal" }
        }
        await bench.stop()
    }

    @Test func aCardWithAReminderDueIsOneNotice() async throws {
        let due = try await ServiceBench(at: 1_899_000_000)
        try await due.insert()
        try await due.untilAnswered { $0.presenter.shown.contains { $0.key == "reminder" } }
        #expect(due.presenter.shown.map(\.key) == ["reminder"])
        // Taken out and put in again, it has been reminded of.
        due.watcher.show(CardPresence.none)
        try await due.until { try await $0.token("Certificates") == nil }
        due.watcher.show(.present(atr: [0x3B], insertion: 2))
        try await due.untilAnswered { $0.presenter.shown.count == 2 }
        #expect(due.presenter.shown.last?.key == "card:Deneme 00 00")
        await due.stop()
    }

    @Test func aLockedPINLeadsToTheIssuersPage() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        await bench.onLoop {
            bench.configuration.change { configuration in
                configuration.ownIssuers = [IssuerProfile("Deneme", unlockPage: "https://issuer.example.org/unlock")]
            }
        }
        bench.jobs.answer { (request: TokenRequest) in
            switch request {
            case .modules: [.modules(["/fake.so"], folders: [])]
            case .list: [.listed(.holding(ServiceBench.certificate, pinState: .locked))]
            default: [.failed(JobFailure(.pinLocked, "CKR_PIN_LOCKED C_Login", pinState: .locked))]
            }
        }
        let approval = try await bench.begin(.approve)
        #expect(try await bench.result(of: approval) == "failed")
        let detail = try await bench.client.property(
            ApprovalInterface.Property.errorDetail.rawValue, of: ApprovalInterface.name, at: approval,
            from: Contract.busName
        ).unwrapped
        #expect(detail.string == "CKR_PIN_LOCKED C_Login https://issuer.example.org/unlock")
        let error = try await bench.client.property(
            ApprovalInterface.Property.error.rawValue, of: ApprovalInterface.name, at: approval, from: Contract.busName
        ).unwrapped
        #expect(error.members?.last?.string?.contains("https://issuer.example.org/unlock") == true)
        let button = "unlock:\(ServiceBench.certificate)"
        try await bench.untilAnswered { $0.presenter.shown.last?.actions.map(\.id) == [button] }
        bench.presenter.tell(.action(key: "approval", id: button))
        try await bench.untilAnswered { $0.jobs.pages == ["https://issuer.example.org/unlock"] }
        bench.presenter.tell(.action(key: "approval", id: "unlock:x"))
        try await bench.untilAnswered { $0.presenter.shown.last?.key == "refusal" }
        await bench.stop()
    }

    @Test func aSuccessorAndItsKindAreShownOnTheBus() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        #expect(try await bench.certificate(.kind)?.string == "nes")
        #expect(try await bench.certificate(.successor)?.string == "")
        let id = String(repeating: "d", count: 64)
        var new = CertificateDescription.ending(id)
        new.notAfter += 1
        bench.jobs.playAll(
            TokenDescription(
                label: "", manufacturer: "", model: "", pinState: .ok, protectedAuthenticationPath: false,
                certificates: [new], broken: 0))
        bench.watcher.show(.present(atr: [0x3B], insertion: 2))
        _ = try await bench.signals.next { signal in
            guard signal.member == "PropertiesChanged", signal.arguments.count > 1 else { return false }
            return signal.arguments[1].entries?.contains { $0.key.string == "Successor" } == true
        }
        #expect(try await bench.certificate(.successor)?.string == id)
        let rows = try await bench.call(.listCertificates).first?.elements
        let row = rows?.first?.entries?.first { $0.key.string == "Successor" }
        #expect(row?.value.unwrapped.string == id)
        await bench.stop()
    }

    @Test func aChangedConfigurationIsFollowed() async throws {
        let bench = try await ServiceBench(at: 1_899_000_000)
        try await bench.insert()
        _ = try await bench.signals.next { $0.member == "ExpiryReminder" }
        await bench.onLoop {
            bench.configuration.set(issues: [
                ConfigurationIssue(file: "e\u{7}.conf", line: 2, problem: .unknownGroup("G"))
            ])
            bench.configuration.change { configuration in
                configuration.notificationsEnabled = false
                configuration.portals = []
                configuration.renewalWindow = RenewalWindow(days: 60) ?? .usual
            }
        }
        let issue = try await bench.property(.configurationIssues).elements?.first?.members
        #expect(issue?.first?.string == "e\u{FFFD}.conf" && issue?[1].uint32 == 2)
        #expect(try await bench.property(.renewalDays).uint32 == 60)
        #expect(try await bench.property(.portals).elements?.isEmpty == true)
        #expect(bench.presenter.withdrawn.contains("reminder"))
        let before = bench.presenter.shown.filter { $0.key == "reminder" }.count
        await bench.onLoop { bench.configuration.change { $0.notificationsEnabled = true } }
        _ = try await bench.property(.version)
        #expect(bench.presenter.shown.filter { $0.key == "reminder" }.count == before + 1)
        await bench.stop()
    }

    @Test func withoutARecordItWatchesAndRefusesApprovals() async throws {
        let bench = try await ServiceBench(canKeep: false)
        #expect(try await bench.property(.recordState).string == "unavailable")
        try await bench.insert()
        await #expect(throws: ErrorName.storeFailed.busError("")) { try await bench.begin(.approve) }
        await #expect(throws: ErrorName.storeFailed.busError("")) {
            try await bench.call(.snooze, .string(""), .int64(1_800_100_000))
        }
        #expect(bench.presenter.shown.contains { $0.key == "refusal" })
        await bench.stop()
    }

    @Test func aPINsFateIsShownOnItsCard() async throws {
        let bench = try await ServiceBench()
        try await bench.insert()
        bench.jobs.answer { (request: TokenRequest) in
            switch request {
            case .modules: [.modules(["/fake.so"], folders: [])]
            case .list: [.listed(.holding(ServiceBench.certificate))]
            default: [.failed(JobFailure(.pinIncorrect, pinState: .finalTry))]
            }
        }
        #expect(try await bench.result(of: bench.begin(.approve)) == "failed")
        #expect(try await bench.token("PinState")?.string == "final-try")
        await bench.stop()
    }

    @Test func aCardThatCannotBeReadIsShownWithItsReason() async throws {
        let bench = try await ServiceBench()
        bench.jobs.answer { (request: TokenRequest) in
            if case .modules = request { return [.modules(["/fake.so"], folders: [])] }
            return [.failed(JobFailure(.tokenBusy))]
        }
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        try await bench.until { try await $0.token("Error")?.members?.first?.string == "TokenBusy" }
        #expect(try await bench.token("HeldBy")?.string == "holder (1)")
        #expect(bench.presenter.shown.last?.key == "card:Deneme 00 00")
        await bench.stop()
    }
}

extension ObjectPath {
    /// The last element, which names an approval's notification.
    fileprivate var name: String { text.split(separator: "/").last.map(String.init) ?? "" }
}
