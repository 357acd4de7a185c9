// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import PortalContract
import Texts

/// Steps 3 to 5 of the guide: identity number, verification code, and the proof that it was signed here.
extension Pages {
    func addSignIn(to router: Router<PortalContext>) {
        router.get("/login") { request, context in login(try await visit(request, context)) }
        router.post("/login") { request, context in
            try await signIn(request, try await visit(request, context))
        }
        router.get("/code") { request, context in try await code(try await visit(request, context)) }
        router.post("/code") { request, context in
            let visit = try await visit(request, context)
            _ = try await bodies.form(of: request, visit, service.keys)
            guard let session = visit.session, session.state == .login else { return redirect(to: "/next") }
            _ = try await service.renewLoginCode(of: session, address: visit.address)
            return redirect(to: "/code")
        }
        router.get("/confirm") { request, context in confirm(try await visit(request, context)) }
        router.get("/continue") { request, context in goOn(try await visit(request, context)) }
        router.post("/confirm") { request, context in
            try await confirm(request, try await visit(request, context))
        }
        router.get("/next") { request, context in
            redirect(to: try await place(of: try await visit(request, context).session))
        }
        router.post("/logout") { request, context in
            let visit = try await visit(request, context)
            _ = try await bodies.form(of: request, visit, service.keys)
            if let session = visit.session { try await service.end(session) }
            return redirect(to: "/", cookies: [cookies.dropToken])
        }
    }

    /// Where a session belongs: every page that finds itself wrong sends the browser there, so that reloads, the back
    /// button and second tabs come out right.
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

    private func login(_ visit: Visit, wrong: String? = nil, typed: String = "") -> Response {
        var model: [String: Any] = [
            "stepBar": templates.stepBar(0, in: visit.texts.language), "typed": Self.typed(typed),
        ]
        if let wrong {
            model["wrong"] = wrong
            add([FieldError(field: "identity", text: wrong)], to: &model)
        }
        if visit.hasLostSession, wrong == nil {
            model["noticeKind"] = "info"
            model["notice"] = visit.texts.text(
                "Your session has ended: it was idle for too long, or three wrong numbers were typed. Sign in again.")
        }
        return render(.login, visit, model, status: wrong == nil ? .ok : .unprocessableContent)
    }

    private func signIn(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await bodies.form(of: request, visit, service.keys)
        let identity = form["identity"].filter { !$0.isWhitespace }
        do {
            let opened = try await service.open(identity: identity, address: visit.address)
            // Whoever starts anew leaves the session behind that this browser had.
            if let session = visit.session { try await service.end(session) }
            return redirect(to: "/code", cookies: [cookies.setToken(opened.session)])
        } catch let problem as PortalProblem where problem == PortalProblem(.invalidIdentity) {
            visit.notes.note(problem)
            return login(visit, wrong: Self.fault(ofIdentity: identity, visit.texts), typed: form["identity"])
        }
    }

    private static func fault(ofIdentity typed: String, _ texts: Texts) -> String {
        if typed.isEmpty { return texts.text("Enter your T.C. identity number.") }
        guard typed.utf8.count == 11, typed.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return texts.text("A T.C. identity number has 11 digits, and nothing else.")
        }
        return texts.text("This is no T.C. identity number: look at the digits again.")
    }

    /// The verification code, for the login as for the consent.
    private func code(_ visit: Visit) async throws -> Response {
        guard let session = visit.session, let code = session.code else { return redirect(to: "/login") }
        let texts = visit.texts
        let isLogin = code.purpose == .login
        var model: [String: Any] = [
            "stepBar": templates.stepBar(isLogin ? 1 : 3, in: texts.language),
            "heading": isLogin ? texts.text("Sign the verification code") : texts.text("Sign your decision"),
        ]
        if isLogin { model["isLogin"] = true }
        let status = try await service.status(of: session)
        if let words = code.lastProblem.flatMap({ Self.words(ofRefusal: $0, texts) }) {
            model["noticeKind"] = "bad"
            model["notice"] = status.challenge == nil ? words.what : words.what + " " + words.remedy
        }
        if let challenge = status.challenge {
            model["challenge"] = self.model(of: challenge, texts)
            model["state"] = session.state.rawValue
            model["refresh"] = 5
            return render(.code, visit, model)
        }
        // A code that nobody used and that lapsed is told; anything else means that the session has moved on.
        guard code.usedBy == nil, session.state != .ended else {
            return redirect(to: try await place(of: session))
        }
        let isRefused = code.refusals >= PortalLimits.tries
        model["heading"] = isRefused ? texts.text("The code was ended") : texts.text("The code has lapsed")
        model["over"] =
            isRefused
            ? texts.text("Three signatures under this code were refused, so it was ended. Nothing was recorded.")
            : texts.text("The time for this verification code is over. Nothing was recorded.")
        return render(.code, visit, model)
    }

    private func model(of challenge: Challenge, _ texts: Texts) -> [String: Any] {
        let digits = Array(challenge.code)
        var model: [String: Any] = [
            "code": challenge.code,
            "groups": stride(from: 0, to: digits.count, by: 5).map { String(digits[$0..<min($0 + 5, digits.count)]) },
            "secondsLeft": challenge.expiresIn, "lifetime": challenge.expiresAt - challenge.issuedAt,
            "until": texts.timeOfDay(challenge.expiresAt),
            "link": "eonay://sign?code=\(challenge.code)&portal=\(Self.escaped(challenge.portal))",
        ]
        if let declared = challenge.declared {
            model["statement"] = declared.statement
            model["decision"] = declared.decision.rawValue
        }
        return model
    }

    /// An origin as a query's value (RFC 3986, 2.1).
    private static func escaped(_ origin: String) -> String {
        origin.replacing(":", with: "%3A").replacing("/", with: "%2F").replacing("[", with: "%5B")
            .replacing("]", with: "%5D")
    }

    /// `ORIGIN/continue#NUMBER`, which E-Onay opens after a signature: the page's script sends the number on.
    private func goOn(_ visit: Visit) -> Response {
        switch visit.session?.state {
        case .confirm?: confirm(visit)
        case .loggedIn?, .consent?, .recorded?: redirect(to: "/next")
        // The desktop's browser is not the one that shows the code. Only that one can go on, by the same number.
        case .login?, .ended?, nil: render(.elsewhere, visit, ["origin": service.rules.origin.value.text])
        }
    }

    private func confirm(_ visit: Visit, wrong: String? = nil, typed: String = "") -> Response {
        guard visit.session?.state == .confirm else { return redirect(to: "/next") }
        var model: [String: Any] = [
            "stepBar": templates.stepBar(1, in: visit.texts.language), "state": SessionState.confirm.rawValue,
            "typed": Self.typed(typed),
        ]
        if visit.path == PortalPath.continuation { model["isContinuation"] = true }
        if let wrong {
            model["wrong"] = wrong
            add([FieldError(field: "number", text: wrong)], to: &model)
        }
        return render(.confirm, visit, model, status: wrong == nil ? .ok : .forbidden)
    }

    private func confirm(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await bodies.form(of: request, visit, service.keys)
        let number = form["number"].filter { !$0.isWhitespace }
        let token = service.keys.token(after: visit.token ?? "", confirmedBy: number)
        guard let session = visit.session, session.state != .ended else {
            // A form that was sent twice comes the second time with the cookie from before the sign-in.
            let isConfirmed = try await service.isConfirmed(
                as: token, from: visit.token ?? "", address: visit.address)
            return redirect(to: "/next", cookies: isConfirmed ? [cookies.setToken(token)] : [])
        }
        let wasWaiting = session.state == .confirm
        if wasWaiting, number.utf8.count != 6 || !number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A slip of the hand is no try at the number.
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
