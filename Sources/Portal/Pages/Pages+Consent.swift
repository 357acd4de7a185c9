// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import HTTPTypes
import Hummingbird
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
