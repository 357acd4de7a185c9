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
        router.get("/choice") { request, context in
            let visit = try await visit(request, context)
            _ = try visit.loggedIn()
            return choice(visit)
        }
        router.post("/choice") { request, context in
            try await choose(request, try await visit(request, context))
        }
        router.get("/result") { request, context in
            let visit = try await visit(request, context)
            guard let session = visit.session, session.state == .recorded, let reference = session.stored.reference
            else {
                return redirect(to: try await place(of: visit.session))
            }
            let document = try await service.consent(reference, session: session)
            var model = model(of: document, visit.texts)
            model["holder"] = try service.holder(of: session)
            model["stepBar"] = templates.stepBar(4, in: visit.texts.language)
            return render(.result, visit, model)
        }
    }

    private func choice(_ visit: Visit, wrong: String? = nil, status: HTTPResponse.Status = .ok) -> Response {
        let statement = service.rules.statement
        var model: [String: Any] = [
            "stepBar": templates.stepBar(2, in: visit.texts.language), "version": statement.version,
        ]
        for decision in Decision.allCases {
            let (lead, words) = Self.parts(of: statement.text(of: decision), decision)
            model[decision.rawValue] = lead
            model[decision.rawValue + "Words"] = words
        }
        if let wrong {
            model["wrong"] = wrong
            add([FieldError(field: "decision", text: wrong)], to: &model)
        }
        return render(.choice, visit, model, status: status)
    }

    /// A statement in two, so that the words by which the two differ can stand out. Nothing of it is lost or changed.
    private static func parts(of statement: String, _ decision: Decision) -> (lead: String, words: String) {
        guard let words = statement.range(of: decision.signedWords, options: .backwards) else { return (statement, "") }
        return (String(statement[..<words.lowerBound]), String(statement[words.lowerBound...]))
    }

    private func choose(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await bodies.form(of: request, visit, service.keys)
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

    /// A decision as pages show it.
    func model(of document: ConsentDocument, _ texts: Texts) -> [String: Any] {
        var model: [String: Any] = [
            "decision": document.decision.rawValue, "reference": document.reference, "date": texts.date(document.at),
            "text": document.text,
        ]
        switch document.decision {
        case .accept:
            model["accepted"] = true
            model["decisionName"] = texts.text("E-Onay given")
        case .decline: model["decisionName"] = texts.text("E-Onay declined")
        }
        return model
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
        router.get("/applications") { request, context in
            let visit = try await visit(request, context)
            return try await applications(visit, try visit.loggedIn())
        }
        router.post("/applications") { request, context in
            let visit = try await visit(request, context)
            let form = try await bodies.form(of: request, visit, service.keys)
            let session = try visit.loggedIn()
            guard let kind = ApplicationKind(rawValue: form["kind"]), form["signing"] == ApplicationRequest.eOnay else {
                return try await applications(visit, session, sent: form)
            }
            return redirect(to: "/account?filed=" + (try await file(kind, session)))
        }
    }

    /// The application's reference. A form that was sent twice finds the application that it filed the first time.
    private func file(_ kind: ApplicationKind, _ session: PortalService.Session) async throws -> String {
        do {
            return try await service.apply(kind, session: session).reference
        } catch let problem as PortalProblem where problem == PortalProblem(.alreadyFiled) {
            let filed = try await service.applications(of: session).last { $0.kind == kind }
            guard let filed, filed.at > service.clock.now() - Self.doubleSubmit else { throw problem }
            return filed.reference
        }
    }

    /// Seconds within which the same form again is taken for a second press.
    private static let doubleSubmit: Int64 = 60

    private func account(_ visit: Visit, _ session: PortalService.Session, filed: String?) async throws -> Response {
        let texts = visit.texts
        var model = try holder(session, texts)
        if let reference = try await service.standing(of: session).reference {
            let document = try await service.consent(reference, session: session)
            model.merge(self.model(of: document, texts)) { $1 }
        }
        let applications = try await service.applications(of: session)
        if !applications.isEmpty { model["hasApplications"] = true }
        model["applications"] = applications.map { application -> [String: Any] in
            [
                "kind": application.kind == .new ? texts.text("New certificate") : texts.text("Renewal"),
                "date": texts.date(application.at), "reference": application.reference, "consent": application.consent,
            ]
        }
        if applications.contains(where: { $0.reference == filed }) {
            model["notice"] = texts.text("The application is filed. It needs no signed form.")
            model["noticeKind"] = "good"
        }
        return render(.account, visit, model)
    }

    private func applications(
        _ visit: Visit, _ session: PortalService.Session, sent form: FormBody? = nil
    ) async throws -> Response {
        let texts = visit.texts
        var model = try holder(session, texts)
        let standing = try await service.standing(of: session)
        if standing.consent == .accepted, let since = standing.since, let end = session.stored.certificateEnd {
            let opens = end - service.rules.renewalDays * 86_400
            model["canApply"] = true
            model["since"] = texts.day(since)
            model["consent"] = standing.reference
            model["renewalOpens"] = texts.day(opens)
            if service.clock.now() >= opens { model["renewalOpen"] = true }
        }
        if let form { addFaults(of: form, texts, to: &model) }
        return render(.applications, visit, model, status: form == nil ? .ok : .unprocessableContent)
    }

    /// What is missing in an application, and what was chosen already.
    private func addFaults(of form: FormBody, _ texts: Texts, to model: inout [String: Any]) {
        var errors: [FieldError] = []
        switch ApplicationKind(rawValue: form["kind"]) {
        case .renewal?: if model["renewalOpen"] != nil { model["isRenewal"] = true }
        case .new?: model["isNew"] = true
        case nil:
            let field = model["renewalOpen"] == nil ? "kind-new" : "kind-renewal"
            errors.append(FieldError(field: field, text: texts.text("Choose what you apply for.")))
            model["wrongKind"] = errors.last?.text
        }
        if form["signing"] == ApplicationRequest.eOnay {
            model["isSignedByEOnay"] = true
        } else {
            errors.append(FieldError(field: "signing", text: texts.text("Choose E-Onay as the way of signing.")))
            model["wrongSigning"] = errors.last?.text
        }
        add(errors, to: &model)
    }

    private func holder(_ session: PortalService.Session, _ texts: Texts) throws -> [String: Any] {
        [
            "holder": try service.holder(of: session),
            "certificateEnd": texts.day(session.stored.certificateEnd ?? 0),
        ]
    }
}
