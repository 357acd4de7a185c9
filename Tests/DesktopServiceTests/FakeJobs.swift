// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import Synchronization

@testable import DesktopService

/// Job programs that are played in this process: each request is answered at once by what the test has set, or never.
final class FakeJobs: JobLauncher {
    private struct State {
        var token: @Sendable (TokenRequest) -> [TokenReply] = { _ in [] }
        var courier: @Sendable (CourierRequest) -> [CourierReply] = { _ in [] }
        var asked: [TokenRequest] = []
        var couriersAsked: [CourierRequest] = []
        var pages: [String] = []
        var addresses: [(String, CheckedContinuation<Void, Never>)] = []
        var failure: JobError?
        var commands: [Command] = []
        var killed = 0
    }

    private let state = Mutex(State())

    /// The replies of `eonay-token`; nothing: it hangs.
    func answer(_ token: @escaping @Sendable (TokenRequest) -> [TokenReply]) { state.withLock { $0.token = token } }

    /// The replies of `eonay-courier`; nothing: it hangs.
    func answer(_ courier: @escaping @Sendable (CourierRequest) -> [CourierReply]) {
        state.withLock { $0.courier = courier }
    }

    /// No job can be started from now on.
    func fail(_ error: JobError?) { state.withLock { $0.failure = error } }

    var courier: @Sendable (CourierRequest) -> [CourierReply] { state.withLock { $0.courier } }
    var asked: [TokenRequest] { state.withLock { $0.asked } }
    var couriersAsked: [CourierRequest] { state.withLock { $0.couriersAsked } }
    var pages: [String] { state.withLock { $0.pages } }
    /// The addresses that are being opened.
    var addresses: [String] { state.withLock { $0.addresses.map(\.0) } }

    /// All addresses have been opened.
    func endOpenings() {
        let openings = state.withLock { state in
            defer { state.addresses = [] }
            return state.addresses
        }
        for (_, continuation) in openings { continuation.resume() }
    }
    /// How many were killed.
    var killed: Int { state.withLock { $0.killed } }

    func startToken(deadline: Duration?, descriptors: [Int32: Int32]) async throws(JobError) -> TokenConversation {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return FakeConversation<TokenRequest, TokenReply>(
            { request in
                self.state.withLock { state in
                    state.asked.append(request)
                    return state.token
                }(request)
            }, killed: { self.state.withLock { $0.killed += 1 } })
    }

    func startCourier(deadline: Duration?) async throws(JobError) -> CourierConversation {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return FakeConversation<CourierRequest, CourierReply>(
            { request in
                self.state.withLock { state in
                    state.couriersAsked.append(request)
                    return state.courier
                }(request)
            }, killed: { self.state.withLock { $0.killed += 1 } })
    }

    func open(page: String) async throws(JobError) { state.withLock { $0.pages.append(page) } }

    /// Ends when the test lets it, with the status that it names.
    func run(_ words: [String], environment: [String: String], deadline: Duration) async throws(JobError) -> ExitStatus
    {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return await withCheckedContinuation { end in
            state.withLock { $0.commands.append(Command(words: words, environment: environment, end: end)) }
        }
    }

    /// A program that runs.
    struct Command {
        let words: [String]
        let environment: [String: String]
        fileprivate let end: CheckedContinuation<ExitStatus, Never>
    }

    var commands: [Command] { state.withLock { $0.commands } }

    /// The program that has run for the longest time ends.
    func endCommand(_ status: ExitStatus = .exited(0)) {
        state.withLock { $0.commands.removeFirst() }.end.resume(returning: status)
    }

    /// Returns when the test lets it: as long, the address is being opened.
    func open(address: String) async throws(JobError) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        await withCheckedContinuation { continuation in state.withLock { $0.addresses.append((address, continuation)) }
        }
    }
}

extension FakeJobs {
    static let loginCode = VerificationCode(number: 638_856_212_993_845)
    static let consentCode = VerificationCode(number: 112_233_445_566_778)

    /// Both jobs do their parts from now on, with this card: all goes well.
    func playAll(_ card: TokenDescription, revocation: RevocationAnswer = RevocationAnswer(.good, thisUpdate: 1)) {
        answer { (request: TokenRequest) in
            switch request {
            case .modules: [.modules(["/fake.so"], folders: [])]
            case .list: [.listed(card)]
            case .prepare:
                (try? NationalIdentity(typed: "10000000146")).map {
                    [.prepared(PreparedSigner(identity: $0, certificate: [1], issuer: nil, pinState: .ok))]
                } ?? []
            case .sign(let request):
                [.progress(.waitingForPIN), .progress(.signing), .signed([UInt8(request.order.step)])]
            case .preparePIN: [.pinPrepared]
            case .setPIN: [.progress(.waitingForPIN), .progress(.settingPIN), .pinSet]
            case .read, .inspect, .verify, .readers, .prompt: []
            }
        }
        answer { (request: CourierRequest) in
            do { return [try Self.portal(request, revocation)] } catch {
                return [.failed(JobFailure(.internal, "\(error)"))]
            }
        }
    }

    /// The courier that asks a responder hangs; the others answer as before.
    func hangRevocation() {
        let before = courier
        answer { (request: CourierRequest) in if case .revocation = request { [] } else { before(request) } }
    }

    private static func portal(
        _ request: CourierRequest, _ revocation: RevocationAnswer
    ) throws -> CourierReply {
        let statement = try OfferedStatement(version: "2026-01", accept: "KABUL.", decline: "RET.")
        return switch request {
        case .open: .opened
        case .question(.statement): .statement(statement)
        case .question(.session), .question(.code): .code(try offer(loginCode, nil))
        case .question(.submit(loginCode, _)): .receipt(.signedIn(number: "123456"))
        case .question(.submit): .receipt(.recorded(reference: "EO-1"))
        case .question(.confirm): .confirmed(isLoggedIn: true)
        case .question(.decide(let decision, _)): .code(try offer(consentCode, statement.declaration(of: decision)))
        case .question(.apply): .filed(reference: "EO-2")
        case .question(.newestApplication): .newestApplication(reference: nil)
        case .revocation: .revocation(revocation)
        case .probe: .probed(status: 200, date: nil)
        case .end: .ended
        }
    }

    private static func offer(_ code: VerificationCode, _ declaration: Declaration?) throws -> OfferedCode {
        let portal = try Origin("https://portal.example.org")
        return try OfferedCode(
            code: code.digits, purpose: declaration == nil ? "login" : "consent", portal: portal.text,
            expiresIn: 180, decision: declaration?.decision.rawValue ?? "",
            statementVersion: declaration?.version ?? "", statement: declaration?.statement ?? "", from: portal)
    }
}

/// A conversation with a played job.
private final class FakeConversation<Request: FrameMessage, Reply: FrameMessage>: JobConversation {
    private struct State {
        var replies: [Reply] = []
        var waiting: CheckedContinuation<Reply?, Never>?
        var isOver = false
    }

    let program = "fake"
    private let answer: @Sendable (Request) -> [Reply]
    private let killed: @Sendable () -> Void
    private let state = Mutex(State())

    init(_ answer: @escaping @Sendable (Request) -> [Reply], killed: @escaping @Sendable () -> Void) {
        (self.answer, self.killed) = (answer, killed)
    }

    func send(_ request: Request) async throws(JobError) {
        let replies = answer(request)
        state.withLock { $0.replies += replies }
    }

    func receive() async throws(JobError) -> Reply {
        let reply = await withCheckedContinuation { (continuation: CheckedContinuation<Reply?, Never>) in
            state.withLock { state in
                if !state.replies.isEmpty {
                    continuation.resume(returning: state.replies.removeFirst())
                } else if state.isOver {
                    continuation.resume(returning: nil)
                } else {
                    state.waiting = continuation
                }
            }
        }
        guard let reply else { throw JobError(.cancelled, program) }
        return reply
    }

    private func end() {
        state.withLock { state in
            state.isOver = true
            state.waiting?.resume(returning: nil)
            state.waiting = nil
        }
    }

    func close() async { end() }

    func finished() async {}

    func abandon() {
        killed()
        end()
    }
}

extension TokenDescription {
    /// A card with certificates of these ids.
    static func holding(_ ids: String..., pinState: PINState = .ok, namesResponder: Bool = false) -> TokenDescription {
        TokenDescription(
            label: "", manufacturer: "", model: "", pinState: pinState,
            protectedAuthenticationPath: false, certificates: ids.map(CertificateDescription.ending), broken: 0,
            answerable: namesResponder
                ? ids.map { AnswerableCertificate(id: $0, certificate: Array($0.utf8), issuer: nil) } : [])
    }
}

extension CertificateDescription {
    /// A qualified certificate, good from 2023 to 2030.
    static func ending(_ id: String) -> CertificateDescription {
        CertificateDescription(
            id: id, holder: "Şükrü İğdırlı", maskedIdentity: "100********", identityKey: [1], subject: "",
            issuer: "Deneme", serialNumber: "01", notBefore: 1_700_000_000, notAfter: 1_900_000_000,
            keyType: "ec-p256", qualified: true, hindrances: [], reasons: [], policies: [], policyNotice: "",
            qcStatements: [], keyUsage: [], ocsp: [], crl: [], isTest: true)
    }
}
