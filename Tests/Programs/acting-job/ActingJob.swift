// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
    static let loginCode = "638856212993845"
    static let consentCode = "112233445566778"
    static let statement = Statement(version: "2026-01", accept: "KABUL.", decline: "RET.")

    var faults: [String: String] = [:]
    var counts: [String: Int] = [:]
    var portal = ""

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
                    try end.send(TokenReply.failed(JobFailure(code: "PinCancelled", detail: "", heldBy: "")))
                } else {
                    try job.answer(request, end)
                }
            }
        } else {
            while let request = try end.receive(CourierRequest.self) {
                if try job.fails(at: Self.step(of: request), end) {
                    try end.send(
                        CourierReply.failed(JobFailure(code: "PortalUnreachable", detail: "connect", heldBy: "")))
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
        }
    }

    private func answer(_ request: TokenRequest, _ end: JobEnd) throws {
        switch request {
        case .modules:
            try end.send(
                TokenReply.modules(
                    ModuleList(
                        modules: [ModuleDescription(path: "/acting.so", name: "acting", origin: .configured)],
                        folders: [])))
        case .list: try end.send(TokenReply.listed(Self.card))
        case .prepare:
            try end.send(
                TokenReply.prepared(
                    Prepared(
                        identity: "10000000146", certificate: [1], issuerChain: [], keyType: "ec-p256", pinState: .ok,
                        protectedAuthenticationPath: false, alwaysAuthenticate: false)))
        case .sign(let order):
            try end.send(TokenReply.progress(.waitingForPIN))
            try end.send(TokenReply.progress(.signing))
            try end.send(TokenReply.signed(Array("signature \(order.step)".utf8)))
        case .inspect, .verify: try end.send(TokenReply.failed(JobFailure(code: "Internal", detail: "", heldBy: "")))
        }
    }

    private static var card: TokenDescription {
        let holder = CertificateDescription(
            id: certificate, holder: "Şükrü İğdırlı", maskedIdentity: "100********", identityKey: [1], subject: "",
            issuer: "Deneme", serialNumber: "01", notBefore: 1_760_000_000, notAfter: 1_800_000_000,
            keyType: "ec-p256", qualified: true, hindrances: [], reasons: [], policies: [], policyNotice: "",
            qcStatements: [], keyUsage: [], ocsp: ["http://127.0.0.1:9/"], crl: [], isTest: true, hasPrivateKey: true)
        return TokenDescription(
            recognised: true, label: "", manufacturer: "", model: "", pinState: .ok,
            protectedAuthenticationPath: false, certificates: [holder], broken: 0)
    }

    // MARK: - The courier

    private static func step(of request: CourierRequest) -> String {
        switch request {
        case .open: "open"
        case .statement: "statement"
        case .session: "session"
        case .challenge: "challenge"
        case .submit: "submit"
        case .confirm: "confirm"
        case .decide: "decide"
        case .status: "status"
        case .consent: "consent"
        case .apply: "apply"
        case .newestApplication: "applications"
        case .revocation: "revocation"
        case .end: "end"
        }
    }

    private mutating func answer(_ request: CourierRequest) -> CourierReply {
        switch request {
        case .open(let endpoint):
            portal = endpoint.origin
            return .opened
        case .statement: return .statement(Self.statement)
        case .session, .challenge: return .challenge(challenge(Self.loginCode, "login"))
        case .submit(Self.loginCode, _):
            return .submitted(Submission(purpose: "login", result: "signed", number: "123456", reference: ""))
        case .submit:
            return .submitted(Submission(purpose: "consent", result: "recorded", number: "", reference: "EO-1"))
        case .confirm: return .confirmed(state: "logged-in")
        case .decide(let decision, _): return .challenge(challenge(Self.consentCode, "consent", decision))
        case .apply: return .applied(reference: "EO-2", consent: "EO-1", at: 1_767_225_600)
        case .newestApplication: return .newestApplication(reference: "")
        case .revocation: return .revocation(RevocationAnswer(status: .unreachable, source: .none, revokedAt: 0))
        case .status, .consent: return .failed(JobFailure(code: "Internal", detail: "", heldBy: ""))
        case .end: return .ended
        }
    }

    private func challenge(_ code: String, _ purpose: String, _ decision: String = "") -> Challenge {
        Challenge(
            code: code, purpose: purpose, portal: portal, issuedAt: 0, expiresAt: 0,
            expiresIn: faults["life"].flatMap { UInt32($0) } ?? 180,
            decision: decision, statementVersion: decision.isEmpty ? "" : Self.statement.version,
            statement: decision.isEmpty ? "" : decision == "accept" ? Self.statement.accept : Self.statement.decline)
    }
}
