// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import PortalContract
import Texts

/// Steps 3 to 5 of the guide: identity number, verification code, and the proof that the signer sits at this browser.
extension Pages {
    func addSignIn(to router: Router<PortalContext>) {
        show("/login", on: router) { visit in login(visit) }
        take("/login", on: router, signIn)
        show("/code", on: router, code)
        take("/code", on: router) { _, visit in
            guard let session = visit.session, session.state == .login else { return redirect(to: "/next") }
            _ = try await service.renewLoginCode(of: session, address: visit.address)
            return redirect(to: "/code")
        }
        show("/confirm", on: router) { visit in confirm(visit) }
        show("/continue", on: router, goOn)
        take("/confirm", on: router, confirm)
        show("/next", on: router) { visit in redirect(to: try await place(of: visit.session)) }
        take("/logout", on: router) { _, visit in
            if let session = visit.session { try await service.end(session) }
            return redirect(to: "/", cookies: [cookies.dropToken])
        }
    }

    /// The page where a session belongs. A page that does not fit the session redirects there, so that reloads, the back
    /// button and second tabs work.
    func place(of session: PortalService.Session?) async throws -> String {
        guard let session else { return "/login" }
        switch session.state {
        case .login, .consent: return "/code"
        case .confirm: return "/confirm"
        case .loggedIn: return try await service.standing(of: session).consent == .none ? "/choice" : "/account"
        case .recorded: return "/result"
        case .ended: return "/login"
        }
    }

    // MARK: Identity number

    private struct LoginPage: Sendable {
        let typed: String
        let wrong: String?
    }

    private func login(_ visit: Visit, wrong: String? = nil, typed: String = "") -> Response {
        var frame = PageFrame(step: 0, errors: wrong.map { [FieldError(field: "identity", text: $0)] } ?? [])
        if visit.hasLostSession, wrong == nil {
            frame.notice = PageFrame.Notice(
                .info,
                visit.texts.text(
                    "Your session has ended: it was idle for too long, or three wrong numbers were typed. Sign in again."
                )
            )
        }
        return render(
            .login, visit, LoginPage(typed: Self.typed(typed), wrong: wrong), frame,
            status: wrong == nil ? .ok : .unprocessableContent)
    }

    private func signIn(_ form: FormBody, _ visit: Visit) async throws -> Response {
        let identity = form["identity"].filter { !$0.isWhitespace }
        do {
            let opened = try await service.open(identity: identity, address: visit.address)
            // A new sign-in ends the session that this browser had.
            if let session = visit.session { try await service.end(session) }
            return redirect(to: "/code", cookies: [cookies.setToken(opened.session)])
        } catch let problem as PortalProblem where problem == PortalProblem(.invalidIdentity) {
            visit.notes.note(problem)
            return login(visit, wrong: Self.fault(ofIdentity: identity, visit.texts), typed: form["identity"])
        }
    }

    private static func fault(ofIdentity typed: String, _ texts: Texts) -> String {
        if typed.isEmpty { return texts.text("Enter your T.C. identity number.") }
        guard isDigits(typed, count: 11) else {
            return texts.text("A T.C. identity number has 11 digits, and nothing else.")
        }
        return texts.text("This is not a valid T.C. identity number: check the digits.")
    }

    private static func isDigits(_ text: String, count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    // MARK: Verification code

    private struct CodePage: Sendable {
        let heading: String
        let isLogin: Bool
        /// Why there is no code any more.
        var over: String?
        var challenge: ShownChallenge?
    }

    private struct ShownChallenge {
        let code: String
        let groups: [String]
        let secondsLeft: Int64
        let lifetime: Int64
        let until: String
        let link: String
        let statement: String?
        let decision: String?

        init(_ challenge: PortalChallenge, _ texts: Texts) {
            let digits = Array(challenge.code)
            // An origin as a query's value (RFC 3986, 2.1).
            let portal = challenge.portal.replacing(":", with: "%3A").replacing("/", with: "%2F")
                .replacing("[", with: "%5B").replacing("]", with: "%5D")
            code = challenge.code
            groups = stride(from: 0, to: digits.count, by: 5).map { String(digits[$0..<min($0 + 5, digits.count)]) }
            secondsLeft = challenge.expiresIn
            lifetime = challenge.expiresAt - challenge.issuedAt
            until = texts.timeOfDay(challenge.expiresAt)
            link = "eonay://sign?code=\(challenge.code)&portal=\(portal)"
            statement = challenge.declared?.statement
            decision = challenge.declared?.decision.rawValue
        }
    }

    /// The verification code, for a login and for a consent.
    private func code(_ visit: Visit) async throws -> Response {
        guard let session = visit.session, let code = session.code else { return redirect(to: "/login") }
        let texts = visit.texts
        let isLogin = code.purpose == .login
        var frame = PageFrame(step: isLogin ? 1 : 3)
        let status = try await service.status(of: session)
        if let refusal = code.lastProblem.flatMap(PortalProblem.init(refusal:)) {
            let words = refusal.refusalWords(texts)
            frame.notice = PageFrame.Notice(
                .bad, status.challenge == nil ? words.what : words.what + " " + words.remedy)
        }
        if let challenge = status.challenge {
            frame.awaited = PageFrame.Awaited(session.state, refusal: status.refusal, refresh: 5)
            let heading = isLogin ? texts.text("Sign the verification code") : texts.text("Sign your decision")
            return render(
                .code, visit,
                CodePage(heading: heading, isLogin: isLogin, challenge: ShownChallenge(challenge, texts)), frame)
        }
        // Nobody used the code, and it lapsed or was ended: the page says so. Otherwise the session has moved on.
        guard code.usedBy == nil, session.state != .ended else {
            return redirect(to: try await place(of: session))
        }
        let page =
            code.refusals >= PortalLimits.tries
            ? CodePage(
                heading: texts.text("The code was ended"), isLogin: isLogin,
                over: texts.text(
                    "Three signatures under this code were refused, so it was ended. Nothing was recorded."))
            : CodePage(
                heading: texts.text("The code has lapsed"), isLogin: isLogin,
                over: texts.text("The time for this verification code is over. Nothing was recorded."))
        return render(.code, visit, page, frame)
    }

    // MARK: Confirmation number

    private struct ElsewherePage: Sendable {
        let origin: String
    }

    private struct ConfirmPage: Sendable {
        let typed: String
        let wrong: String?
        let isContinuation: Bool
    }

    /// `ORIGIN/continue#NUMBER`, which E-Onay opens after a signature. The page's script submits the number.
    private func goOn(_ visit: Visit) -> Response {
        switch visit.session?.state {
        case .confirm?: confirm(visit)
        case .loggedIn?, .consent?, .recorded?: redirect(to: "/next")
        // The desktop opened another browser than the one that shows the code. Only that one can go on, by the same number.
        case .login?, .ended?, nil: render(.elsewhere, visit, ElsewherePage(origin: service.rules.origin.value.text))
        }
    }

    private func confirm(_ visit: Visit, wrong: String? = nil, typed: String = "") -> Response {
        guard visit.session?.state == .confirm else { return redirect(to: "/next") }
        let frame = PageFrame(
            step: 1, errors: wrong.map { [FieldError(field: "number", text: $0)] } ?? [],
            awaited: PageFrame.Awaited(.confirm))
        return render(
            .confirm, visit,
            ConfirmPage(
                typed: Self.typed(typed), wrong: wrong, isContinuation: visit.path == PortalPath.continuation),
            frame, status: wrong == nil ? .ok : .forbidden)
    }

    private func confirm(_ form: FormBody, _ visit: Visit) async throws -> Response {
        let number = form["number"].filter { !$0.isWhitespace }
        let token = service.keys.token(after: visit.token ?? "", confirmedBy: number)
        guard let session = visit.session, session.state != .ended else {
            // The second copy of a form that was sent twice has the cookie from before the sign-in.
            let isConfirmed = try await service.isConfirmed(
                as: token, from: visit.token ?? "", address: visit.address)
            return redirect(to: "/next", cookies: isConfirmed ? [cookies.setToken(token)] : [])
        }
        let wasWaiting = session.state == .confirm
        if wasWaiting, !Self.isDigits(number, count: 6) {
            // A typing slip does not count as a try at the number.
            visit.notes.note(PortalProblem(.wrongNumber))
            return confirm(
                visit, wrong: visit.texts.text("Type the six digits that E-Onay shows."), typed: form["number"])
        }
        do {
            _ = try await service.confirm(number, session: session, newToken: token)
            return redirect(to: "/next", cookies: wasWaiting ? [cookies.setToken(token)] : [])
        } catch let problem as PortalProblem where problem == PortalProblem(.wrongNumber) {
            visit.notes.note(problem)
            let wrong = visit.texts.text(
                "This is not the number that E-Onay shows. After three wrong ones the session ends.")
            return confirm(visit, wrong: wrong, typed: form["number"])
        }
    }
}
