// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Synchronization

/// Which methods each path can be asked by. The router only says that it found nothing.
final class RouteTable: Sendable {
    private struct Route {
        let segments: [Substring]
        var methods: Set<String>
    }

    private let routes = Mutex<[Route]>([])

    /// Takes the routes over once all are added.
    func fill(from router: Router<PortalContext>) {
        var found: [String: Set<String>] = [:]
        for route in router.routes {
            found[route.path.description, default: []].insert(route.method.rawValue)
            // The router answers HEAD by itself where there is a GET.
            if route.method == .get { found[route.path.description]?.insert(HTTPRequest.Method.head.rawValue) }
        }
        routes.withLock { $0 = found.map { Route(segments: Self.segments($0.key), methods: $0.value) } }
    }

    /// The value of Allow (RFC 9110, 10.2.1) for a path; nil where there is nothing at it by any method.
    func allowed(at path: String) -> String? {
        let segments = Self.segments(path)
        let methods = routes.withLock { routes in
            routes.filter { route in
                route.segments.count == segments.count
                    && zip(route.segments, segments).allSatisfy { $0.first == "{" || $0 == $1 }
            }.reduce(into: Set<String>()) { $0.formUnion($1.methods) }
        }
        return methods.isEmpty ? nil : methods.sorted().joined(separator: ", ")
    }

    private static func segments(_ path: String) -> [Substring] {
        Substring(path).split(separator: "/").map { $0.first == ":" ? "{" : $0 }
    }
}
