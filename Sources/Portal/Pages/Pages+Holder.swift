// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import Texts

/// The holder's own page, the signed document, and applications.
extension Pages {
    func addHolder(to router: Router<PortalContext>) {
        router.get("/account") { request, context in
            let visit = try await visit(request, context)
            let hasFiled = request.uri.queryParameters["filed"] != nil
            return try await account(visit, try visit.loggedIn(), hasFiled: hasFiled)
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
                return try await applications(visit, session, isIncomplete: true)
            }
            _ = try await service.apply(kind, session: session)
            return redirect(to: "/account?filed")
        }
    }

    private func account(_ visit: Visit, _ session: PortalService.Session, hasFiled: Bool) async throws -> Response {
        let texts = visit.texts
        var model = try holder(session, texts)
        if let reference = try await service.standing(of: session).reference {
            let document = try await service.consent(reference, session: session)
            model.merge(self.model(of: document, texts)) { $1 }
        }
        let filed = try await service.applications(of: session)
        if !filed.isEmpty { model["hasApplications"] = true }
        model["applications"] = filed.map { application -> [String: Any] in
            [
                "kind": application.kind == .new ? texts.text("New certificate") : texts.text("Renewal"),
                "date": texts.date(application.at), "reference": application.reference, "consent": application.consent,
            ]
        }
        if hasFiled {
            model["notice"] = texts.text("The application is filed. It needs no signed form.")
            model["noticeKind"] = "good"
        }
        return render(.account, visit, model)
    }

    private func applications(
        _ visit: Visit, _ session: PortalService.Session, isIncomplete: Bool = false
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
        if isIncomplete {
            model["notice"] = texts.text("Choose what you apply for, and E-Onay as the way of signing.")
            model["noticeKind"] = "bad"
        }
        return render(.applications, visit, model, status: isIncomplete ? .unprocessableContent : .ok)
    }

    private func holder(_ session: PortalService.Session, _ texts: Texts) throws -> [String: Any] {
        [
            "holder": try service.holder(of: session),
            "certificateEnd": texts.day(session.stored.certificateEnd ?? 0),
        ]
    }
}
