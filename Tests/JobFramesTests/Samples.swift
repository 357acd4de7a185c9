// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

/// One message of each kind, every field filled, by hand.
enum Samples {
    static let certificate = CertificateDescription(
        id: "ab12", holder: "Şule Iğdır", maskedIdentity: "100*", identityKey: [1, 2, 3], subject: "CN=Şule",
        issuer: "Kamu SM", serialNumber: "0f", notBefore: 1_700_000_000, notAfter: -1, keyType: "rsa-2048",
        qualified: true, hindrances: ["NotQualified"], reasons: ["test-certificate"], policies: ["1.2.3"],
        policyNotice: "Bu sertifika, …", qcStatements: ["0.4.0.1862.1.1"], keyUsage: ["nonRepudiation"],
        ocsp: ["http://ocsp.example"], crl: [], isTest: false, hasPrivateKey: true)

    static let token = TokenDescription(
        recognised: true, label: "etiket", manufacturer: "TÜBİTAK", model: "AKIS", pinState: .finalTry,
        protectedAuthenticationPath: false, certificates: [certificate, certificate], broken: 1,
        trouble: "CKR_DEVICE_ERROR C_GetAttributeValue")

    static let rival = RivalReader(name: [0x52, 0xFE], certificates: ["ab"], isKnownToModule: true, kin: ["ab", "cd"])

    static let prepare = PrepareRequest(
        module: "/usr/lib/m.so", reader: [0x52, 0xFF, 0x20], certificateId: "ab", expectedIdentity: "10000000146",
        prompt: .pinentry(path: "/usr/bin/pinentry"), finalTry: true, seenPINState: .countLow,
        locale: "tr_TR.UTF-8", timeZone: "Europe/Istanbul",
        rivals: [rival])

    static let sign = SignRequest(
        purpose: "consent", portal: "https://portal.example.org", code: "112233445566778", decision: "accept",
        statementVersion: "2026-01", statement: "KABUL\nEDİYORUM.",
        shown: ShownDeclaration(decision: "accept", statement: "KABUL", statementVersion: "2026-01"),
        requester: "eonay (4711)", deadline: 1_800_000_000, secondsLeft: 290, step: 1, steps: 2,
        signingTime: 1_799_999_710, filesRenewal: true)

    static let verification = VerificationDescription(
        conclusion: .indeterminate,
        signers: [
            SignerDescription(
                conclusion: .invalid, reasons: ["bad-digest"], certificate: certificate, signingTime: 5,
                digest: "sha256", level: "CAdES-B-B"),
            SignerDescription(
                conclusion: .valid, reasons: [], certificate: nil, signingTime: 0, digest: "sha384", level: ""),
        ],
        contentType: "1.2.840.113549.1.7.1", contentLength: 3, contentText: "abc")

    static let failure = JobFailure(code: "TokenRemoved", detail: "CKR_DEVICE_REMOVED C_Sign", heldBy: "DYS (4711)")

    static let challenge = Challenge(
        code: "638856212993845", purpose: "consent", portal: "https://portal.example.org", issuedAt: 1,
        expiresAt: 301, expiresIn: 300, decision: "decline", statementVersion: "2026-01", statement: "…")

    static let notifyRequests: [NotifyRequest] = [
        .open(application: "E-Onay", desktopEntry: "org.eonay.EOnay1", deadline: 15_000),
        .show(
            NotificationContent(
                key: "reminder", summary: "Şule Iğdır", body: "3 gün", urgency: .critical, icon: "org.eonay.EOnay1",
                actions: [.init(id: "snooze", label: "Sonra hatırlat")], lifetime: .untilDismissed), replacing: nil),
        .show(
            NotificationContent(key: "a", summary: "", body: "", lifetime: .milliseconds(-1)),
            replacing: NotificationID(number: .max, server: ":1.42")),
        .show(NotificationContent(key: "a", summary: "", body: ""), replacing: nil),
        .close(NotificationID(number: 7, server: ":1.42")),
    ]

    static let notifyReplies: [NotifyReply] = [
        .opened, .shown(NotificationID(number: 1, server: ":1.42"), hasActions: true), .withdrawn,
        .failed(reason: "ServiceUnknown"), .closed(NotificationID(number: 1, server: ":1.42"), reason: 2),
        .action(NotificationID(number: 1, server: ":1.42"), name: "approve:ab"), .serverChanged(owner: ""),
    ]

    static let tokenRequests: [TokenRequest] = [
        .modules(ModulesRequest(configured: ["/a.so", "/b.so"], discover: true)),
        .list(
            ListRequest(
                module: "/a.so", reader: [0x52], atr: [0x3B, 0], identitySalt: [9, 9], rivals: [rival], kin: ["cd"])),
        .prepare(prepare),
        .prepare(with(prepare) { $0.prompt = .terminal }),
        .prepare(with(prepare) { $0.prompt = .descriptor }),
        .prepare(
            with(prepare) {
                $0.prompt = .none
                $0.expectedIdentity = nil
            }),
        .sign(sign),
        .inspect(InspectRequest(data: [0x30, 0x82])),
        .verify(VerifyRequest(signature: [1], content: [], trust: [[2], []], at: 1_800_000_000)),
        .verify(VerifyRequest(signature: [1], content: nil, trust: [], at: 0)),
    ]

    static let tokenReplies: [TokenReply] = [
        .modules(
            ModuleList(
                modules: [
                    ModuleDescription(path: "/a.so", name: "a", origin: .configured),
                    ModuleDescription(path: "/b.so", name: "b", origin: .p11Kit),
                    ModuleDescription(path: "/c.so", name: "c", origin: .known),
                ], folders: ["/usr/lib", "/opt/akis"])),
        .listed(token),
        .prepared(
            Prepared(
                identity: "10000000146", certificate: [1, 2], issuerChain: [[3], [4]], keyType: "ec-p384",
                pinState: .unknown, protectedAuthenticationPath: true, alwaysAuthenticate: true)),
        .progress(.waitingForPIN),
        .progress(.signing),
        .signed([0x30, 0x80]),
        .inspected([certificate]),
        .verified(verification),
        .failed(failure),
    ]

    static let courierRequests: [CourierRequest] = [
        .open(PortalEndpoint(origin: "https://p.example", caFile: "", connectTimeout: 5000, totalTimeout: 20_000)),
        .statement,
        .session(identity: "10000000146"),
        .challenge(code: "638856212993845"),
        .submit(code: "638856212993845", signature: [1, 2, 3]),
        .confirm(number: "123456"),
        .decide(decision: "accept", statementVersion: "2026-01"),
        .status,
        .consent(reference: "R-1"),
        .apply(kind: "renewal"), .newestApplication(kind: "renewal"),
        .revocation(RevocationRequest(certificate: [1], issuer: [], timeout: 1000)),
        .end,
    ]

    static let courierReplies: [CourierReply] = [
        .opened,
        .statement(Statement(version: "2026-01", accept: "evet", decline: "hayır")),
        .challenge(challenge),
        .submitted(Submission(purpose: "login", result: "signed", number: "123456", reference: "")),
        .confirmed(state: "logged-in"),
        .status(ConsentStatus(consent: "accepted", since: 7, reference: "R-1")),
        .consent(
            ConsentRecord(
                reference: "R-1", decision: "accept", at: 7, statementVersion: "1", text: "E-ONAY/1\n",
                signature: [1])),
        .applied(reference: "A-1", consent: "R-1", at: 9), .newestApplication(reference: "A-1"),
        .revocation(RevocationAnswer(status: .revoked, source: .crl, revokedAt: 3)),
        .revocation(RevocationAnswer(status: .suspended, source: .ocsp, revokedAt: 3)),
        .revocation(RevocationAnswer(status: .unreachable, source: .none, revokedAt: 0)),
        .ended,
        .failed(failure),
    ]

    private static func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
        var value = value
        change(&value)
        return value
    }
}
