// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

@testable import EOnayCore

/// One message of each kind, every field filled, by hand.
enum Samples {
    static let certificate = CertificateDescription(
        id: "ab12", holder: "Şule Iğdır", maskedIdentity: "100*", identityKey: [1, 2, 3], subject: "CN=Şule",
        issuer: "Kamu SM", issuerKey: "c0ffee", serialNumber: "0f", notBefore: 1_700_000_000, notAfter: -1,
        keyType: "rsa-2048", qualified: true, kind: .eSeal, hindrances: [.notQualified], reasons: [.testCertificate],
        policies: ["1.2.3"],
        policyNotice: "Bu sertifika, …", qcStatements: ["0.4.0.1862.1.1"], keyUsage: ["nonRepudiation"],
        ocsp: ["http://ocsp.example"], crl: [], isTest: false,
        identityKind: .citizen, limits: ["1500 TRY"], unreadableExtensions: ["2.5.29.99"])

    static let token = TokenDescription(
        label: "etiket", manufacturer: "TÜBİTAK", model: "AKIS", pinState: .finalTry,
        pin: PINFacts(shortest: 4, longest: 16, mustChange: true, pukState: .countLow),
        protectedAuthenticationPath: false,
        certificates: [certificate, certificate], broken: 1,
        trouble: JobFailure(.tokenFailed, "CKR_DEVICE_ERROR C_GetAttributeValue", module: .vague),
        answerable: [
            AnswerableCertificate(id: "ab12", certificate: [0x30, 1], issuer: [0x30, 2]),
            AnswerableCertificate(id: "ab13", certificate: [], issuer: nil),
        ])

    static let rival = RivalReader(name: [0x52, 0xFE], certificates: ["ab"], isKnownToModule: true, kin: ["ab", "cd"])

    static let prepare = PrepareRequest(
        module: "/usr/lib/m.so", reader: [0x52, 0xFF, 0x20], certificateId: "ab", expectedIdentity: identity,
        prompt: .pinentry(path: "/usr/bin/pinentry"), finalTry: true, seenPINState: .countLow,
        locale: "tr_TR.UTF-8", timeZone: "Europe/Istanbul",
        rivals: [rival], display: SessionDisplay(environment: ["DISPLAY=:0", "XAUTHORITY=/run/x"]))

    static let identity = try! NationalIdentity(typed: "10000000146")
    static let code = VerificationCode(number: 112_233_445_566_778)
    static let portal = try! Origin("https://portal.example.org")
    static let declaration = try! Declaration(decision: .decline, version: "2026-01", statement: "KABUL\nETMİYORUM.")

    static let sign = SignRequest(
        SigningOrder(
            purpose: .consent, code: code, declaration: declaration, shown: declaration, deadline: 1_800_000_000,
            secondsLeft: 290, step: 1, steps: 2),
        portal: portal, requester: "eonay (4711)", signingTime: 1_799_999_710, filesRenewal: true)

    static let verification = VerificationDescription(
        conclusion: .indeterminate,
        signers: [
            SignerDescription(
                conclusion: .invalid,
                reasons: [SignatureReason(.digestMismatch), SignatureReason(.notQualified, "seal")],
                certificate: certificate, signingTime: 5,
                digest: "sha256", level: "CAdES-B-B"),
            SignerDescription(
                conclusion: .valid, reasons: [], certificate: nil, signingTime: 0, digest: "sha384", level: "",
                notes: [.timeStampUnjudged]),
        ],
        contentType: "1.2.840.113549.1.7.1", contentLength: 3, contentText: "abc")

    static let failure = JobFailure(
        .pinIncorrect, "CKR_PIN_INCORRECT C_Login", pinState: .finalTry, problem: .codeUsed, module: .definite)

    static let offer = try! OfferedCode(
        code: code.digits, purpose: "consent", portal: portal.text, expiresIn: 300, decision: "decline",
        statementVersion: "2026-01", statement: "…", from: portal)

    static let login = try! OfferedCode(
        code: code.digits, purpose: "login", portal: portal.text, expiresIn: 300, decision: "", statementVersion: "",
        statement: "", from: portal)

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
        .modules(configured: ["/a.so", "/b.so"], discover: true),
        .list(
            ListRequest(
                module: "/a.so", reader: [0x52], atr: [0x3B, 0], identitySalt: [9, 9], rivals: [rival], kin: ["cd"])),
        .read(ReadRequest(reader: [0x52, 0xFF], identitySalt: [9])),
        .prepare(prepare),
        .prepare(with(prepare) { $0.prompt = .terminal }),
        .prepare(with(prepare) { $0.prompt = .descriptor }),
        .prepare(
            with(prepare) {
                $0.prompt = .none
                $0.expectedIdentity = nil
            }),
        .sign(sign),
        .preparePIN(
            PINRequest(
                .unblock, module: "/a.so", reader: [0x52], certificateId: "ab", prompt: .descriptor, finalTry: true,
                seenPINState: .locked, seenPUKState: .countLow, requester: "eonay (4711)", locale: "tr",
                rivals: [rival], display: SessionDisplay(environment: ["DISPLAY=:0"]))),
        .setPIN(secondsLeft: 600),
        .inspect(InspectRequest(data: [0x30, 0x82])),
        .verify(VerifyRequest(signature: [1], content: [], trust: [[2], []], at: 1_800_000_000)),
        .verify(VerifyRequest(signature: [1], content: nil, trust: [], at: 0)),
        .readers,
        .prompt(.pinentry(path: nil), locale: "tr_TR.UTF-8", display: SessionDisplay(environment: ["DISPLAY=:0"])),
    ]

    static let tokenReplies: [TokenReply] = [
        .modules(["/a.so", "/b.so"], folders: ["/usr/lib", "/opt/akis"]),
        .listed(token), .listed(nil),
        .prepared(PreparedSigner(identity: identity, certificate: [1, 2], issuer: [3], pinState: .unknown)),
        .prepared(PreparedSigner(identity: identity, certificate: [1, 2], issuer: nil, pinState: .locked)),
        .progress(.waitingForPIN),
        .progress(.signing), .progress(.settingPIN), .pinPrepared, .pinSet,
        .signed([0x30, 0x80]),
        .inspected([certificate]),
        .verified(verification),
        .readers(
            ReaderSurvey(
                service: .running,
                readers: [
                    SurveyedReader(name: [0x41], card: .held, atr: [0x3B, 0]),
                    SurveyedReader(name: [0xFF], card: .none, atr: []),
                ], clients: ["DYS (4711)"])),
        .readers(ReaderSurvey(service: .denied, readers: [], clients: [])),
        .promptWorks(flavour: "gtk2"),
        .failed(failure),
    ]

    static let questions: [PortalQuestion] = [
        .statement, .session(identity), .code(code), .submit(code, signature: [1, 2, 3]), .confirm(number: "123456"),
        .decide(.accept, version: "2026-01"), .apply, .newestApplication,
    ]

    static let courierRequests: [CourierRequest] =
        questions.map { .question($0) } + [
            .open(portal, caFile: "", connectTimeout: 5000, totalTimeout: 20_000),
            .revocation(certificate: [1], issuer: nil, takesLists: true, timeout: 1000),
            .revocation(certificate: [1], issuer: [], takesLists: false, timeout: 1000),
            .probe(address: "http://ocsp.example/", caFile: "", timeout: 1000),
            .end,
        ]

    static let courierReplies: [CourierReply] = [
        .opened,
        .statement(try! OfferedStatement(version: "2026-01", accept: "evet", decline: "hayır")),
        .code(offer), .code(login),
        .receipt(.signedIn(number: "123456")), .receipt(.recorded(reference: "R-1")),
        .confirmed(isLoggedIn: true), .confirmed(isLoggedIn: false),
        .filed(reference: "A-1"), .newestApplication(reference: "A-1"), .newestApplication(reference: nil),
        .revocation(RevocationAnswer(.good, thisUpdate: 1_800_000_000)),
        .revocation(
            RevocationAnswer(.revoked, since: 1_700_000_000, reason: .keyCompromise, thisUpdate: 1_800_000_000)),
        .revocation(RevocationAnswer(unreachable: "timeout")),
        .probed(status: 405, date: 1_800_000_000), .probed(status: 200, date: nil),
        .ended,
        .failed(failure),
    ]

    private static func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
        var value = value
        change(&value)
        return value
    }
}
