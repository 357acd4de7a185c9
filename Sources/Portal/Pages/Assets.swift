// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract

/// The style sheet, the script and the icon: files of the site's own, embedded in the program.
enum Assets {
    static func add(to router: Router<PortalContext>) {
        let files: [(name: String, type: String, bytes: [UInt8])] = [
            ("portal.css", "text/css; charset=utf-8", PackageResources.portal_css),
            ("portal.js", "text/javascript; charset=utf-8", PackageResources.portal_js),
            ("icon.svg", "image/svg+xml", PackageResources.icon_svg),
        ]
        for file in files {
            let tag = "\"" + Base64.encodeURL(Array(SHA256.hash(data: file.bytes)).prefix(12)) + "\""
            let body = ByteBuffer(bytes: file.bytes)
            router.get(RouterPath("/assets/" + file.name)) { request, _ in
                let headers: HTTPFields = [.contentType: file.type, .cacheControl: "public, max-age=600", .eTag: tag]
                if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
            }
        }
    }
}
