// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// The headers that forbid a browser what the site never does: run a script that is not a file of its own, load anything
/// from elsewhere, be framed, or leave traces.
struct SecurityHeaders: PortalMiddleware {
    /// Browsers must use https only (RFC 6797).
    let isSecure: Bool
    /// The same for the hosts below the portal's, which may be somebody else's.
    let includesSubDomains: Bool

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        add(to: &response.headers)
        return response
    }

    func add(to headers: inout HTTPFields) {
        headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.xFrameOptions] = "DENY"
        headers[.referrerPolicy] = "same-origin"
        headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        headers[.crossOriginOpenerPolicy] = "same-origin"
        headers[.crossOriginResourcePolicy] = "same-origin"
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        guard isSecure else { return }
        headers[.strictTransportSecurity] = "max-age=31536000" + (includesSubDomains ? "; includeSubDomains" : "")
    }
}
