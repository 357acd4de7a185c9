// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import JobFrames

/// A job program that plays `eonay-token` and `eonay-courier` without a card and without a portal: all goes well, but for the faults
/// that it was given as `STEP=FAULT`.
///
/// A step is what it is asked for: "prepare", "sign 2", "statement", "submit 1" …; "start" comes before the first. A fault is one of
/// `prompt` (the person is asked, and does not answer), `hang`, `exit`, `garbage`, `refuse`, and `orphan`: it ends, and a child in a session of its own keeps its descriptor.
/// `life=SECONDS` says how long the portal's codes live.
@main
struct ActingJob {
    /// The card's only certificate.
    static let certificate = String(repeating: "c", count: 64)
    static let loginCode = VerificationCode(number: 638_856_212_993_845)
    static let consentCode = VerificationCode(number: 112_233_445_566_778)
    static let statement = try! OfferedStatement(version: "2026-01", accept: "KABUL.", decline: "RET.")

    var faults: [String: String] = [:]
    var counts: [String: Int] = [:]

    static func main() throws {
        var job = ActingJob()
        for word in CommandLine.arguments.dropFirst(2) {
            let parts = word.split(separator: "=").map(String.init)
            if parts.count == 2 { job.faults[parts[0]] = parts[1] }
        }
        let end = try JobEnd()
        if job.faults["start"] == "hang" { Self.hang() }
        if CommandLine.arguments[1] == "token" {
            while let request = try end.receive(TokenRequest.self) {
                if try job.fails(at: Self.step(of: request), end) {
                    try end.send(TokenReply.failed(JobFailure(.pinCancelled)))
                } else {
                    try job.answer(request, end)
                }
            }
        } else {
            while let request = try end.receive(CourierRequest.self) {
                if try job.fails(at: Self.step(of: request), end) {
                    try end.send(CourierReply.failed(JobFailure(.portalUnreachable, "connect")))
                } else {
                    try end.send(job.answer(request))
                }
            }
        }
    }

    // MARK: - Faults

    /// Does what goes wrong at this step; whether the request is to be refused.
    private mutating func fails(at step: String, _ end: JobEnd) throws -> Bool {
        counts[step, default: 0] += 1
        guard let fault = faults[step] ?? faults["\(step) \(counts[step]!)"] else { return false }
        switch fault {
        case "hang": Self.hang()
        case "prompt": try end.send(TokenReply.progress(.waitingForPIN))
        case "exit": exit(3)
        case "garbage": _ = write(end.descriptor, "Segmentation fault\n", 19)
        case "orphan":
            Self.leaveChild(holding: end.descriptor)
            exit(3)
        default: return true
        }
        Self.hang()
    }

    private static func leaveChild(holding descriptor: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor + 5)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // And POSIX_SPAWN_SETSID, which glibc shows to C programs alone.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | 0x80)
        // Nobody else ends it.
        var arguments = [strdup("sleep"), strdup("30"), nil]
        var child: pid_t = 0
        _ = posix_spawn(&child, "/bin/sleep", &actions, &attributes, &arguments, environ)
    }

    private static func hang() -> Never {
        while true { pause() }
    }

    // MARK: - The token

    private static func step(of request: TokenRequest) -> String {
        switch request {
        case .modules: "modules"
        case .list: "list"
        case .prepare: "prepare"
        case .sign: "sign"
        case .inspect: "inspect"
        case .verify: "verify"
        case .readers: "readers"
        case .prompt: "prompt"
        }
    }

    private func answer(_ request: TokenRequest, _ end: JobEnd) throws {
        switch request {
        case .modules:
            try end.send(TokenReply.modules(["/acting.so"], folders: []))
        case .list: try end.send(TokenReply.listed(Self.card))
        case .prepare:
            try end.send(
                TokenReply.prepared(
                    PreparedSigner(
                        identity: try NationalIdentity(typed: "10000000146"), certificate: [1], issuer: nil,
                        pinState: .ok)))
        case .sign(let request):
            try end.send(TokenReply.progress(.waitingForPIN))
            try end.send(TokenReply.progress(.signing))
            try end.send(TokenReply.signed(Array("signature \(request.order.step)".utf8)))
        case .inspect, .verify, .readers, .prompt: try end.send(TokenReply.failed(JobFailure(.internal)))
        }
    }

    private static var card: TokenDescription {
        let holder = CertificateDescription(
            id: certificate, holder: "Şükrü İğdırlı", maskedIdentity: "100********", identityKey: [1], subject: "",
            issuer: "Deneme", serialNumber: "01", notBefore: 1_760_000_000, notAfter: 1_800_000_000,
            keyType: "ec-p256", qualified: true, hindrances: [], reasons: [], policies: [], policyNotice: "",
            qcStatements: [], keyUsage: [], ocsp: ["http://127.0.0.1:9/"], crl: [], isTest: true)
        return TokenDescription(
            label: "", manufacturer: "", model: "", pinState: .ok,
            protectedAuthenticationPath: false, certificates: [holder], broken: 0)
    }

    // MARK: - The courier

    private static func step(of request: CourierRequest) -> String {
        switch request {
        case .open: "open"
        case .question(.statement): "statement"
        case .question(.session): "session"
        case .question(.code): "challenge"
        case .question(.submit): "submit"
        case .question(.confirm): "confirm"
        case .question(.decide): "decide"
        case .question(.apply): "apply"
        case .question(.newestApplication): "applications"
        case .revocation: "revocation"
        case .probe: "probe"
        case .end: "end"
        }
    }

    private func answer(_ request: CourierRequest) throws -> CourierReply {
        switch request {
        case .open: .opened
        case .question(.statement): .statement(Self.statement)
        case .question(.session), .question(.code): .code(try offer(Self.loginCode, nil))
        case .question(.submit(Self.loginCode, _)): .receipt(.signedIn(number: "123456"))
        case .question(.submit): .receipt(.recorded(reference: "EO-1"))
        case .question(.confirm): .confirmed(isLoggedIn: true)
        case .question(.decide(let decision, _)):
            .code(try offer(Self.consentCode, Self.statement.declaration(of: decision)))
        case .question(.apply): .filed(reference: "EO-2")
        case .question(.newestApplication): .newestApplication(reference: nil)
        case .revocation: .revocation(.unreachable)
        case .probe: .probed(status: 200, date: nil)
        case .end: .ended
        }
    }

    private func offer(_ code: VerificationCode, _ declaration: Declaration?) throws -> OfferedCode {
        let portal = try Origin("https://portal.example.org")
        return try OfferedCode(
            code: code.digits, purpose: declaration == nil ? "login" : "consent", portal: portal.text,
            expiresIn: faults["life"].flatMap { UInt32($0) } ?? 180, decision: declaration?.decision.rawValue ?? "",
            statementVersion: declaration?.version ?? "", statement: declaration?.statement ?? "", from: portal)
    }
}
