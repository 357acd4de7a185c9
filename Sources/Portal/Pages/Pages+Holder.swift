// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import Texts

/// Steps 8 and 9 of the guide: the choice and its result.
extension Pages {
    func addConsent(to router: Router<PortalContext>) {
        show("/choice", on: router) { visit in
            _ = try visit.loggedIn()
            return choice(visit)
        }
        take("/choice", on: router, choose)
        show("/result", on: router) { visit in
            guard let session = visit.session, session.state == .recorded, let reference = session.stored.reference
            else {
                return redirect(to: try await place(of: visit.session))
            }
            let document = try await service.consent(reference, session: session)
            return render(
                .result, visit,
                ResultPage(holder: try service.holder(of: session), document: ShownDecision(document, visit.texts)),
                PageFrame(step: 4))
        }
    }

    private struct ChoicePage: Sendable {
        let version: String
        let accept: String
        let acceptWords: String
        let decline: String
        let declineWords: String
        let wrong: String?
    }

    private func choice(_ visit: Visit, wrong: String? = nil, status: HTTPResponse.Status = .ok) -> Response {
        let statement = service.rules.statement
        let accept = Self.parts(of: statement.accept, .accept)
        let decline = Self.parts(of: statement.decline, .decline)
        let page = ChoicePage(
            version: statement.version, accept: accept.lead, acceptWords: accept.words, decline: decline.lead,
            declineWords: decline.words, wrong: wrong)
        let errors = wrong.map { [FieldError(field: "decision", text: $0)] } ?? []
        return render(.choice, visit, page, PageFrame(step: 2, errors: errors), status: status)
    }

    /// A statement in two parts, so that the words that decide can stand out. Nothing of it is lost or changed.
    private static func parts(of statement: String, _ decision: Decision) -> (lead: String, words: String) {
        guard let words = statement.range(of: decision.signedWords, options: .backwards) else { return (statement, "") }
        return (String(statement[..<words.lowerBound]), String(statement[words.lowerBound...]))
    }

    private func choose(_ form: FormBody, _ visit: Visit) async throws -> Response {
        let session = try visit.loggedIn()
        do {
            _ = try await service.decide(
                DecisionRequest(decision: form["decision"], statementVersion: form["version"]), session: session,
                address: visit.address)
            return redirect(to: "/code")
        } catch let problem as PortalProblem where problem == PortalProblem(.invalidDecision) {
            visit.notes.note(problem)
            return choice(
                visit, wrong: visit.texts.text("Choose one of the two statements."), status: .unprocessableContent)
        } catch let problem as PortalProblem where problem == PortalProblem(.staleStatement) {
            visit.notes.note(problem)
            return choice(
                visit, wrong: visit.texts.text("The statements have changed. Read them again and choose."),
                status: .conflict)
        }
    }

    private struct ResultPage: Sendable {
        let holder: String
        let document: ShownDecision
    }

    /// A recorded decision as pages show it.
    private struct ShownDecision {
        let decision: String
        let decisionName: String
        let accepted: Bool
        let reference: String
        let date: String
        let text: String

        init(_ document: ConsentDocument, _ texts: Texts) {
            accepted = document.decision == .accept
            decision = document.decision.rawValue
            decisionName = accepted ? texts.text("E-Onay given") : texts.text("E-Onay declined")
            (reference, date, text) = (document.reference, texts.date(document.at), document.text)
        }
    }
}

/// The holder's own page, the signed document, and applications.
extension Pages {
    func addHolder(to router: Router<PortalContext>) {
        router.get("/account") { request, context in
            let visit = try await visit(request, context)
            let filed = request.uri.queryParameters["filed"].map(String.init)
            return try await account(visit, try visit.loggedIn(), filed: filed)
        }
        router.get("/consents/:reference/document.p7s") { request, context in
            let visit = try await visit(request, context)
            let reference = try context.parameters.require("reference")
            let document = try await service.consent(reference, session: try visit.loggedIn())
            return Response(
                status: .ok,
                headers: [
                    .contentType: PortalMediaType.signature,
                    .contentDisposition: "attachment; filename=\"eonay-\(document.reference).p7s\"",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: document.signature)))
        }
        show("/applications", on: router) { visit in try await applications(visit, try visit.loggedIn()) }
        take("/applications", on: router) { form, visit in
            let session = try visit.loggedIn()
            guard let kind = ApplicationKind(rawValue: form["kind"]), form["signing"] == ApplicationRequest.eOnay else {
                return try await applications(visit, session, sent: form)
            }
            return redirect(to: "/account?filed=" + (try await file(kind, session)))
        }
    }

    /// The application's reference. A form that was sent twice gets the reference of the application that it filed first.
    private func file(_ kind: ApplicationKind, _ session: PortalService.Session) async throws -> String {
        do {
            return try await service.apply(kind, session: session).reference
        } catch let problem as PortalProblem where problem == PortalProblem(.alreadyFiled) {
            let filed = try await service.applications(of: session).last { $0.kind == kind }
            guard let filed, filed.at > service.clock.now() - Self.doubleSubmit else { throw problem }
            return filed.reference
        }
    }

    /// Seconds within which the same form again counts as a second press of its button.
    private static let doubleSubmit: Int64 = 60

    private struct AccountPage: Sendable {
        let holder: String
        let certificateEnd: String
        let document: ShownDecision?
        let hasApplications: Bool
        let applications: [ShownApplication]
    }

    private struct ShownApplication {
        let kind: String
        let date: String
        let reference: String
        let consent: String

        init(_ application: FiledApplication, _ texts: Texts) {
            kind = application.kind == .new ? texts.text("New certificate") : texts.text("Renewal")
            (date, reference, consent) = (texts.date(application.at), application.reference, application.consent)
        }
    }

    private func account(_ visit: Visit, _ session: PortalService.Session, filed: String?) async throws -> Response {
        let texts = visit.texts
        var document: ConsentDocument?
        if let reference = try await service.standing(of: session).reference {
            document = try await service.consent(reference, session: session)
        }
        let applications = try await service.applications(of: session)
        let page = AccountPage(
            holder: try service.holder(of: session), certificateEnd: texts.day(session.stored.certificateEnd ?? 0),
            document: document.map { ShownDecision($0, texts) }, hasApplications: !applications.isEmpty,
            applications: applications.map { ShownApplication($0, texts) })
        var frame = PageFrame()
        if applications.contains(where: { $0.reference == filed }) {
            frame.notice = PageFrame.Notice(.good, texts.text("The application is filed. It needs no signed form."))
        }
        return render(.account, visit, page, frame)
    }

    private struct ApplicationsPage: Sendable {
        let holder: String
        let certificateEnd: String
        /// nil if no accepted consent stands.
        var form: ApplicationForm?
    }

    private struct ApplicationForm {
        let since: String
        let consent: String?
        let renewalOpens: String
        let renewalOpen: Bool
        var isRenewal = false
        var isNew = false
        var isSignedByEOnay = false
        var wrongKind: String?
        var wrongSigning: String?

        /// Shows a form that was sent again, with what is missing in it; returns that.
        mutating func show(_ form: FormBody, _ texts: Texts) -> [FieldError] {
            var errors: [FieldError] = []
            switch ApplicationKind(rawValue: form["kind"]) {
            case .renewal?: isRenewal = renewalOpen
            case .new?: isNew = true
            case nil:
                wrongKind = texts.text("Choose what you apply for.")
                errors.append(FieldError(field: renewalOpen ? "kind-renewal" : "kind-new", text: wrongKind ?? ""))
            }
            isSignedByEOnay = form["signing"] == ApplicationRequest.eOnay
            if !isSignedByEOnay {
                wrongSigning = texts.text("Choose E-Onay as the way of signing.")
                errors.append(FieldError(field: "signing", text: wrongSigning ?? ""))
            }
            return errors
        }
    }

    private func applications(
        _ visit: Visit, _ session: PortalService.Session, sent: FormBody? = nil
    ) async throws -> Response {
        let texts = visit.texts
        var page = ApplicationsPage(
            holder: try service.holder(of: session), certificateEnd: texts.day(session.stored.certificateEnd ?? 0))
        var frame = PageFrame()
        let standing = try await service.standing(of: session)
        if standing.consent == .accepted, let since = standing.since, let end = session.stored.certificateEnd {
            let opens = end - service.rules.renewalDays * 86_400
            var form = ApplicationForm(
                since: texts.day(since), consent: standing.reference, renewalOpens: texts.day(opens),
                renewalOpen: service.clock.now() >= opens)
            if let sent { frame.errors = form.show(sent, texts) }
            page.form = form
        }
        return render(.applications, visit, page, frame, status: sent == nil ? .ok : .unprocessableContent)
    }
}
