// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import ManualTime
import PortalContract
import Testing
import Texts
import VirtualCard

@testable import Portal

/// The guide's walk with a browser that has no scripts, and what a browser must not be able to do.
@Suite(.timeLimit(.minutes(1))) struct PagesTests {
    private func withBrowser(
        _ lines: String = "", _ body: (PortalBench, Browser, Signer) async throws -> Void
    ) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal(lines) { portal in try await body(bench, Browser(portal), signer) }
    }

    /// The desktop's part: it signs the code that the page shows.
    private func sign(_ browser: Browser, _ signer: Signer) async throws -> SubmissionAnswer {
        let code = try VerificationCode(browser.code)
        let challenge: PortalChallenge = try await browser.portal.get(PortalPath.code(code)).value()
        let signature = challenge.declared == nil ? try signer.login(challenge) : try signer.consent(challenge)
        return try await browser.portal.post(signature: signature, under: code.digits).value()
    }

    private func signIn(_ browser: Browser, _ signer: Signer) async throws {
        try await browser.open("/login")
        try await browser.post("/login", [("identity", signer.identity)])
        let number = try await sign(browser, signer).number ?? ""
        try await browser.open("/next")
        try await browser.post("/confirm", [("number", number)])
    }

    @Test func thePagesLeadFromTheStartToTheResult() async throws {
        try await withBrowser { _, browser, signer in
            try await browser.open("/")
            #expect(browser.text.contains("Nitelikli Elektronik Sertifika İşlemleri"))
            try await browser.open("/nes")
            #expect(browser.text.contains("Kullanıcı Doğrulama Ekranı") && browser.text.contains("Şifreli Giriş"))
            try await signIn(browser, signer)
            #expect(browser.path == "/choice")
            #expect(browser.text.contains("E-Onay Seçimi") && !browser.text.contains("checked"))
            try await browser.post("/choice", [("decision", "accept"), ("version", "2026-01")])
            #expect(browser.path == "/code" && browser.text.contains("<blockquote lang=\"tr\">Kamu SM sistemleri"))
            let reference = try #require(try await sign(browser, signer).reference)
            try await browser.open("/next")
            #expect(browser.path == "/result" && browser.text.contains("E-Onay İşlem Sonucu"))
            #expect(browser.text.contains(reference))
            try await browser.open("/account")
            #expect(browser.text.contains("Şükrü İğdırlı") && browser.text.contains("E-Onay verildi"))
            try await browser.open("/consents/\(reference)/document.p7s")
            #expect(browser.page?.header("Content-Type") == "application/pkcs7-mime")
            try await browser.open("/applications")
            try await browser.post("/applications", [("kind", "new"), ("signing", "e-onay")])
            #expect(browser.path.hasPrefix("/account?filed=") && browser.text.contains("Başvurunuz alındı"))
            // A second press files nothing a second time, and comes to the same page; so does nobody else's reference.
            let filed = browser.path
            try await browser.open("/applications")
            try await browser.post("/applications", [("kind", "new"), ("signing", "e-onay")])
            #expect(browser.path == filed)
            try await browser.open("/account?filed=ABCD-EFGH-JKMN-PQRS")
            #expect(!browser.text.contains("Başvurunuz alındı"))
            try await browser.post("/logout", [])
            try await browser.open("/account")
            #expect(browser.page?.status == 401 && browser.text.contains("Giriş yapmadınız"))
        }
    }

    @Test func theBrowsersLanguageIsTakenUntilThePersonChoosesAnother() async throws {
        try await withBrowser { _, browser, _ in
            try await browser.open("/login", headers: [("Accept-Language", "en-GB,en;q=0.9,tr;q=0.5")])
            #expect(browser.text.contains("<html lang=\"en\">") && browser.text.contains("Sign in with e-signature"))
            try await browser.open("/language/tr?from=/login", headers: [("Accept-Language", "en")])
            #expect(browser.path == "/login" && browser.text.contains("<html lang=\"tr\">"))
            for elsewhere in ["//evil.example", "https://evil.example", "/\\evil", "javascript:x"] {
                try await browser.open("/language/tr?from=\(elsewhere)")
                #expect(browser.path == "/")
            }
        }
    }

    @Test func eachPageForbidsWhatTheSiteNeverDoes() async throws {
        try await withBrowser { _, browser, _ in
            for path in ["/", "/login", "/nowhere", "/assets/portal.js", PortalPath.statement] {
                try await browser.open(path)
                let policy = try #require(browser.page?.header("Content-Security-Policy"))
                #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
                #expect(browser.page?.header("X-Content-Type-Options") == "nosniff")
                #expect(browser.page?.header("Strict-Transport-Security") == nil)
                #expect(!browser.text.contains("<script>") && !browser.text.contains("style=\""))
            }
        }
    }

    @Test func behindTLSCookiesAreTheHostsAloneAndHSTSIsTold() async throws {
        let lines = "[Server]\nOrigin=https://portal.example.org\n[Proxy]\nAddresses=192.0.2.1"
        try await withBrowser(lines) { _, browser, signer in
            try await browser.open("/login")
            #expect(browser.page?.header("Strict-Transport-Security")?.hasPrefix("max-age=") == true)
            let visitor = try #require(browser.page?.header("Set-Cookie"))
            #expect(visitor.hasPrefix("__Host-eonay-visitor=") && visitor.hasSuffix("; Secure"))
            let answer = try await browser.portal.send(
                "POST", "/login",
                headers: [
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("Cookie", String(visitor.prefix { $0 != ";" })),
                ],
                body: Array("form=\(browser.formToken)&identity=\(signer.identity)".utf8))
            let cookie = try #require(answer.header("Set-Cookie"))
            #expect(cookie.hasPrefix("__Host-eonay-session="))
            #expect(cookie.contains("; Path=/; HttpOnly; SameSite=Strict") && cookie.hasSuffix("; Secure"))
        }
    }

    @Test func aFormFromElsewhereIsNotTaken() async throws {
        try await withBrowser { _, browser, signer in
            try await browser.open("/login")
            try await browser.post(
                "/login", [("identity", signer.identity)], headers: [("Sec-Fetch-Site", "cross-site")])
            #expect(browser.page?.status == 403)
            let other = Browser(browser.portal)
            try await other.open("/login")
            let stolen = other.formToken
            for token in ["", "x", stolen] {
                try await browser.open("/login")
                let answer = try await browser.portal.send(
                    "POST", "/login",
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"),
                        ("Cookie", browser.cookies.map { "\($0)=\($1)" }.joined(separator: "; ")),
                    ],
                    body: Array("form=\(token)&identity=\(signer.identity)".utf8))
                #expect(answer.status == 403)
            }
        }
    }

    @Test func theCookieIsAnotherOneAfterSigningIn() async throws {
        try await withBrowser { _, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", signer.identity)])
            let before = try #require(browser.cookies["eonay-session"])
            let number = try await sign(browser, signer).number ?? ""
            try await browser.open("/next")
            try await browser.post("/confirm", [("number", number)])
            let after = try #require(browser.cookies["eonay-session"])
            #expect(before != after)
            #expect(try await browser.portal.get(PortalPath.session, token: before).problem == "no-session")
            #expect(try await browser.portal.get(PortalPath.status, token: after).status == 200)
        }
    }

    /// Two presses of one button: both carry the cookie from before, and either answer may be the last.
    @Test func aConfirmationThatIsSentTwiceSignsInOnce() async throws {
        try await withBrowser { _, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", signer.identity)])
            let number = try await sign(browser, signer).number ?? ""
            try await browser.open("/next")
            let body = Array("form=\(browser.formToken)&number=\(number)".utf8)
            let headers = [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Cookie", browser.cookies.map { "\($0)=\($1)" }.joined(separator: "; ")),
            ]
            let portal = browser.portal
            let cookies = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await portal.send("POST", "/confirm", headers: headers, body: body).header("Set-Cookie")
                    }
                }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(Set(cookies).count == 1)
            let token = cookies.first.flatMap { $0 }?.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).last
            #expect(try await portal.get(PortalPath.status, token: token.map(String.init)).status == 200)
        }
    }

    /// The cookie from before the sign-in may be somebody else's, too: the number is not guessed by it.
    @Test func whoHasTheCookieFromBeforeCannotGuessTheNumber() async throws {
        try await withBrowser { _, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", signer.identity)])
            let stolen = browser.cookies
            let number = try await sign(browser, signer).number ?? ""
            try await browser.open("/next")
            let form = browser.formToken
            try await browser.post("/confirm", [("number", number)])
            func cookies(typing number: String) async throws -> String? {
                try await browser.portal.send(
                    "POST", "/confirm",
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"),
                        ("Cookie", stolen.map { "\($0)=\($1)" }.joined(separator: "; ")),
                    ], body: Array("form=\(form)&number=\(number)".utf8)
                ).header("Set-Cookie")
            }
            for guess in 0..<12 { #expect(try await cookies(typing: "x\(guess)") == nil) }
            #expect(try await cookies(typing: number) == nil)
        }
    }

    @Test func aCookieAloneChangesNothingByTheAPI() async throws {
        try await withBrowser { _, browser, signer in
            try await signIn(browser, signer)
            let cookie = "eonay-session=" + (browser.cookies["eonay-session"] ?? "")
            let read = try await browser.portal.send("GET", PortalPath.status, headers: [("Cookie", cookie)])
            #expect(read.status == 200)
            let change = try await browser.portal.send(
                "POST", PortalPath.decision, headers: [("Cookie", cookie), ("Content-Type", "application/json")],
                body: DecisionRequest(decision: "accept", statementVersion: "2026-01").json.utf8)
            #expect(change.problem == "not-logged-in")
        }
    }

    @Test func reloadsBackAndSecondTabsComeOutRight() async throws {
        try await withBrowser { bench, browser, signer in
            for page in ["/code", "/confirm", "/result", "/next"] {
                try await browser.open(page)
                #expect(browser.path == "/login")
            }
            try await browser.post("/login", [("identity", signer.identity)])
            let code = browser.code
            try await browser.open("/code")
            #expect(browser.code == code)
            try await browser.open("/confirm")
            #expect(browser.path == "/code")
            let number = try await sign(browser, signer).number ?? ""
            try await browser.open("/code")
            #expect(browser.path == "/confirm")
            try await browser.post("/confirm", [("number", "abc")])
            #expect(browser.page?.status == 403)
            try await browser.post("/confirm", [("number", number)])
            #expect(browser.path == "/choice")
            // The same form once more, as a double click sends it.
            try await browser.post("/confirm", [("number", number)])
            #expect(browser.path == "/choice")
            try await browser.post("/choice", [("version", "2026-01")])
            #expect(browser.page?.status == 422)
            try await browser.post("/choice", [("decision", "accept"), ("version", "2025-01")])
            #expect(browser.page?.status == 409)
            try await browser.post("/choice", [("decision", "accept"), ("version", "2026-01")])
            bench.clock.advance(by: 300)
            try await browser.open("/code")
            #expect(browser.text.contains("süresi doldu") && browser.text.contains("href=\"/choice\""))
        }
    }

    @Test func aRefusedSignatureIsToldOnThePageThatShowsTheCode() async throws {
        try await withBrowser { bench, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", signer.identity)])
            let code = browser.code
            let expired = try Signer(bench, .expired)
            let challenge: PortalChallenge = try await browser.portal.get(PortalPath.code(try VerificationCode(code)))
                .value()
            for (signature, words) in [
                ([0x30], "kabul edebileceği bir imza değil"),
                (try signer.sign(Array("another text".utf8)), "bu koda ait değil"),
                (try expired.login(challenge), "Sertifikanın süresi doldu."),
            ] as [([UInt8], String)] {
                _ = try await browser.portal.post(signature: signature, under: code)
                try await browser.open("/code")
                #expect(browser.text.contains("role=\"alert\"") && browser.text.contains(words), "\(words)")
                // A page whose script polls compares the refusal that it shows with the one that it is answered.
                let cookie = "eonay-session=" + (browser.cookies["eonay-session"] ?? "")
                let status: SessionStatus = try await browser.portal.send(
                    "GET", PortalPath.session, headers: [("Cookie", cookie)]
                ).value()
                let refusal = try #require(status.refusal)
                #expect(
                    status.challenge == nil
                        || browser.text.contains("data-refused=\"\(refusal.type) \(refusal.count)\""))
            }
            // The third one ended the code.
            #expect(browser.code.isEmpty && browser.text.contains("üç imza reddedildi"))
            try await browser.post("/code", [])
            #expect(browser.path == "/code" && !browser.code.isEmpty && !browser.text.contains("role=\"alert\""))
        }
    }

    @Test func theNumberThatComesToAnotherBrowserIsCarriedOver() async throws {
        try await withBrowser { _, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", signer.identity)])
            let number = try await sign(browser, signer).number ?? ""
            let other = Browser(browser.portal)
            try await other.open("/continue")
            #expect(other.page?.status == 200 && other.text.contains("data-number hidden"))
            #expect(other.text.contains(browser.portal.address) && !other.text.contains(number))
            try await browser.open("/continue")
            #expect(browser.text.contains("data-continue"))
            try await browser.post("/confirm", [("number", number)])
            try await browser.open("/continue")
            #expect(browser.path == "/choice")
        }
    }

    @Test func aSessionThatIsOverIsToldWhereOneSignsIn() async throws {
        try await withBrowser { bench, browser, signer in
            try await browser.open("/login")
            #expect(!browser.text.contains("Oturumunuz sona erdi"))
            try await browser.post("/login", [("identity", signer.identity)])
            bench.clock.advance(by: 1_200)
            try await browser.open("/code")
            #expect(browser.path == "/login" && browser.text.contains("Oturumunuz sona erdi"))
        }
    }

    @Test func whatAFormWasRefusedForIsLoggedOnce() async throws {
        try await withBrowser { bench, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", "10000000147")])
            try await browser.post("/login", [("identity", signer.identity)])
            let wrong = try await sign(browser, signer).number == "000000" ? "000001" : "000000"
            try await browser.open("/next")
            try await browser.post("/confirm", [("number", wrong)])
            try await browser.open("/nowhere")
            for name in ["invalid-identity", "wrong-number", "not-found"] {
                #expect(bench.log.lines.count { $0.contains(name) } == 1, "\(name)")
            }
        }
    }

    @Test func aLapsedLoginCodeIsRenewedInTheSameSession() async throws {
        try await withBrowser { bench, browser, signer in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", signer.identity)])
            let first = browser.code
            bench.clock.advance(by: 301)
            try await browser.open("/code")
            #expect(browser.text.contains("Yeni kod al"))
            try await browser.post("/code", [])
            #expect(browser.path == "/code" && browser.code != first && !browser.code.isEmpty)
        }
    }

    @Test func whatIsTypedIsShownAsTextAndNothingElse() async throws {
        try await withBrowser { _, browser, _ in
            try await browser.open("/login")
            try await browser.post("/login", [("identity", "%3Cscript%3Ealert(1)%3C/script%3E")])
            #expect(browser.page?.status == 422 && !browser.text.contains("<script>alert"))
        }
    }

    @Test func everyTemplateIsWholeInBothLanguages() throws {
        let templates = try PageTemplates()
        for page in PageTemplates.Page.allCases {
            for language in [Language.turkish, .english] {
                let html = templates.render(page, [], in: language)
                #expect(!html.contains("[[") && !html.contains("%1") && html.contains("</html>"))
            }
        }
    }
}
