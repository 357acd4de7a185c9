// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import Texts

/// The guide's screens for people, rendered here; scripts only make them more comfortable.
struct Pages: Sendable {
    let service: PortalService
    let templates: PageTemplates
    let cookies: SessionCookie
    let addresses: ClientAddress
    let bodies: BodyReader

    func add(to router: Router<PortalContext>) {
        page(router, "/", .home)
        page(router, "/nes", .nes)
        page(router, "/password", .password)
        router.get("/language/:tag") { request, context in try choose(request, context) }
        addSignIn(to: router)
        addConsent(to: router)
        addHolder(to: router)
        Assets.add(to: router)
    }

    /// A page that is the same for everybody.
    private func page(_ router: Router<PortalContext>, _ path: RouterPath, _ page: PageTemplates.Page) {
        router.get(path) { request, context in
            render(page, try await visit(request, context))
        }
    }

    func visit(_ request: Request, _ context: PortalContext) async throws -> Visit {
        let language = Visit.language(cookie: cookies.language(of: request), header: request.headers[.acceptLanguage])
        let known = cookies.visitor(of: request).flatMap { $0.utf8.count == 43 ? $0 : nil }
        // Whoever has no session is a guest: no page but those of the holder asks for one.
        let token = cookies.token(of: request)
        let session = try? await service.session(token)
        return Visit(
            texts: Texts(language), path: request.uri.path, visitor: known ?? Randomness.token(), isFirst: known == nil,
            token: token, session: session,
            hasLostSession: token != nil && (session == nil || session?.state == .ended),
            address: addresses.address(of: request, context), notes: context.notes)
    }

    /// A page with what every page has around it.
    func render(
        _ page: PageTemplates.Page, _ visit: Visit, _ model: [String: Any] = [:], status: HTTPResponse.Status = .ok
    ) -> Response {
        let texts = visit.texts
        let other: Language = texts.language == .turkish ? .english : .turkish
        var whole = model
        whole["language"] = texts.language.tag
        whole["otherLanguage"] = other.tag
        whole["otherLanguageName"] = other == .turkish ? "Türkçe" : "English"
        whole["path"] = visit.path
        whole["formToken"] = service.keys.formToken(visitor: visit.visitor)
        if visit.session?.state.isLoggedIn == true { whole["signedIn"] = true }
        whole["noticeRole"] = whole["noticeKind"] as? String == "bad" ? "alert" : "status"
        let html = templates.render(page, whole, in: texts.language)
        var response = Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: texts.language.tag],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
        if visit.isFirst {
            response.headers.append(HTTPField(name: .setCookie, value: cookies.setVisitor(visit.visitor)))
        }
        return response
    }

    /// Adds what is wrong with a form that comes back: a summary, which takes the focus and leads to each field (the
    /// pattern of GOV.UK's design system). The page says at each field what is wrong there.
    func add(_ errors: [FieldError], to model: inout [String: Any]) {
        guard !errors.isEmpty else { return }
        model["hasErrors"] = true
        model["errors"] = errors.map { ["field": $0.field, "text": $0.text] }
    }

    /// What was typed into a field, for the form to come back with it.
    static func typed(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(64).map(Character.init))
    }

    /// Sends the browser on; always with GET.
    func redirect(to path: String, cookies: [String] = []) -> Response {
        var headers: HTTPFields = [.location: path]
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(status: .seeOther, headers: headers)
    }

    /// Remembers a language and goes back to the page where it was chosen.
    private func choose(_ request: Request, _ context: PortalContext) throws -> Response {
        guard let language = Visit.named(try context.parameters.require("tag")) else { throw PortalProblem(.notFound) }
        let from = request.uri.queryParameters["from"].map(String.init) ?? "/"
        // Only to a page of ours: a path of plain letters leads nowhere else.
        let isOwn = from.hasPrefix("/") && from.dropFirst().allSatisfy { $0.isASCII && $0.isLetter }
        return redirect(to: isOwn ? from : "/", cookies: [cookies.setLanguage(language.tag)])
    }
}

/// What is wrong with one field of a form.
struct FieldError {
    /// The element that the summary leads to.
    let field: String
    let text: String
}

/// One request of a browser: its language, its cookies, and its session where it has one.
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

    /// The language of a two-letter tag.
    static func named(_ tag: String) -> Language? {
        switch tag {
        case "tr": .turkish
        case "en": .english
        default: nil
        }
    }
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
