// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import Texts

/// The guide's screens for people, rendered here. Scripts only make them more comfortable.
struct Pages: Sendable {
    let service: PortalService
    let templates: PageTemplates
    let cookies: SessionCookie
    let addresses: ClientAddress
    let bodies: BodyReader

    func add(to router: Router<PortalContext>) {
        show("/", on: router) { visit in render(.home, visit) }
        show("/nes", on: router) { visit in render(.nes, visit) }
        show("/password", on: router) { visit in render(.password, visit) }
        router.get("/language/:tag") { request, context in try choose(request, context) }
        addSignIn(to: router)
        addConsent(to: router)
        addHolder(to: router)
        Assets.add(to: router)
    }

    /// Adds a page.
    func show(
        _ path: RouterPath, on router: Router<PortalContext>,
        _ page: @escaping @Sendable (Visit) async throws -> Response
    ) {
        router.get(path) { request, context in try await page(try await visit(request, context)) }
    }

    /// Adds the answer to a form of a page.
    func take(
        _ path: RouterPath, on router: Router<PortalContext>,
        _ answer: @escaping @Sendable (FormBody, Visit) async throws -> Response
    ) {
        router.post(path) { request, context in
            let visit = try await visit(request, context)
            return try await answer(try await bodies.form(of: request, visit, service.keys), visit)
        }
    }

    func visit(_ request: Request, _ context: PortalContext) async throws -> Visit {
        let language = Visit.language(cookie: cookies.language(of: request), header: request.headers[.acceptLanguage])
        let known = cookies.visitor(of: request).flatMap { $0.utf8.count == 43 ? $0 : nil }
        // A browser without a session is a guest: only the holder's pages ask for one.
        let token = cookies.token(of: request)
        let session = try? await service.session(token)
        return Visit(
            texts: Texts(language), path: request.uri.path, visitor: known ?? Randomness.token(), isFirst: known == nil,
            token: token, session: session,
            hasLostSession: token != nil && (session == nil || session?.state == .ended),
            address: addresses.address(of: request, context), notes: context.notes)
    }

    /// A page with what every page has around it. Its template finds the model's properties by their names.
    func render(
        _ page: PageTemplates.Page, _ visit: Visit, _ model: (any Sendable)? = nil, _ frame: PageFrame = PageFrame(),
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let language = visit.texts.language
        let layout = Layout(
            frame, visit, formToken: service.keys.formToken(visitor: visit.visitor),
            stepBar: frame.step.map { templates.stepBar($0, in: language) })
        let html = templates.render(page, [frame, layout] + (model.map { [$0] } ?? []), in: language)
        var response = Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: language.tag],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
        if visit.isFirst {
            response.headers.append(HTTPField(name: .setCookie, value: cookies.setVisitor(visit.visitor)))
        }
        return response
    }

    /// Text that was typed into a field, for the form to come back with it.
    static func typed(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(64).map(Character.init))
    }

    /// Redirects the browser; always with GET.
    func redirect(to path: String, cookies: [String] = []) -> Response {
        var headers: HTTPFields = [.location: path]
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(status: .seeOther, headers: headers)
    }

    /// Sets the language and goes back to the page where it was chosen.
    private func choose(_ request: Request, _ context: PortalContext) throws -> Response {
        guard let language = Visit.named(try context.parameters.require("tag")) else { throw PortalProblem(.notFound) }
        let from = request.uri.queryParameters["from"].map(String.init) ?? "/"
        // Only to a page of ours: a path of plain letters leads nowhere else.
        let isOwn = from.hasPrefix("/") && from.dropFirst().allSatisfy { $0.isASCII && $0.isLetter }
        return redirect(to: isOwn ? from : "/", cookies: [cookies.setLanguage(language.tag)])
    }

    func problem(_ problem: PortalProblem, _ request: Request, _ context: PortalContext) async throws -> Response {
        let visit = try await visit(request, context)
        var response = render(
            .problem, visit, problem.page(visit.texts), status: HTTPResponse.Status(code: problem.status))
        response.headers.addHints(of: problem)
        return response
    }
}

/// The failure, and the one thing to do next.
struct ProblemPage: Sendable {
    let what: String
    let remedy: String
    /// The path that a button leads to.
    let next: String
    let nextName: String
}

/// The parts around a page that the page sets.
struct PageFrame: Sendable {
    /// The step of the guide that is the current one, from 0 to 4.
    var step: Int?
    var notice: Notice?
    /// The errors of a form that comes back.
    var errors: [FieldError] = []
    /// The session as the page shows it, if the page waits for it to go on.
    var awaited: Awaited?

    /// A message above the page's contents.
    struct Notice: Sendable {
        enum Kind: String { case good, info, bad }

        let kind: Kind
        let text: String
        let role: String

        init(_ kind: Kind, _ text: String) {
            (self.kind, self.text) = (kind, text)
            role = kind == .bad ? "alert" : "status"
        }
    }

    struct Awaited: Sendable {
        let state: String
        /// The refusal that the page shows, as its script compares it.
        let refused: String
        /// Seconds after which a browser without scripts loads the page again.
        let refresh: Int?

        init(_ state: SessionState, refusal: SessionStatus.Refusal? = nil, refresh: Int? = nil) {
            (self.state, self.refresh) = (state.rawValue, refresh)
            refused = refusal.map { "\($0.type) \($0.count)" } ?? ""
        }
    }
}

/// An error in one field of a form.
struct FieldError: Sendable {
    /// The element that the summary leads to.
    let field: String
    let text: String
}

/// The parts around a page that come from its visit.
private struct Layout {
    let language: String
    let otherLanguage: String
    let otherLanguageName: String
    let path: String
    let formToken: String
    let signedIn: Bool
    let stepBar: String?
    /// A summary of the errors receives the focus and leads to each field (the pattern of GOV.UK's design system).
    let hasErrors: Bool

    init(_ frame: PageFrame, _ visit: Visit, formToken: String, stepBar: String?) {
        let other: Language = visit.texts.language == .turkish ? .english : .turkish
        language = visit.texts.language.tag
        otherLanguage = other.tag
        otherLanguageName = other == .turkish ? "Türkçe" : "English"
        path = visit.path
        self.formToken = formToken
        signedIn = visit.session?.state.isLoggedIn == true
        self.stepBar = stepBar
        hasErrors = !frame.errors.isEmpty
    }
}

/// One request of a browser: its language, its cookies, and its session if it has one.
struct Visit: Sendable {
    let texts: Texts
    let path: String
    /// The random value that the tokens of this browser's forms are bound to.
    let visitor: String
    /// The browser has no such cookie yet.
    let isFirst: Bool
    /// The session's cookie as it came.
    let token: String?
    let session: PortalService.Session?
    /// The browser comes with a session that is over.
    let hasLostSession: Bool
    /// For limits.
    let address: String
    let notes: RequestNotes

    /// A session that is signed in; throws not-logged-in.
    func loggedIn() throws -> PortalService.Session {
        guard let session, session.state.isLoggedIn else { throw PortalProblem(.notLoggedIn) }
        return session
    }

    /// Turkish unless the browser puts English first, or the person chose it.
    static func language(cookie: String?, header: String?) -> Language {
        if let cookie, let chosen = named(cookie) { return chosen }
        return header?.lowercased().hasPrefix("en") == true ? .english : .turkish
    }

    static func named(_ tag: String) -> Language? { Language.allCases.first { $0.tag == tag } }
}

extension Language {
    /// The tag of RFC 5646.
    var tag: String {
        switch self {
        case .turkish: "tr"
        case .english: "en"
        }
    }
}
