// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import Synchronization

/// What happened since the start, counted for `/metrics`. Nothing in it is about a person.
final class PortalMetrics: Sendable {
    private struct Counts {
        var values: [Series: Int] = [:]
        var latency = Histogram()
    }

    /// A counter with its labels.
    struct Series: Hashable, Sendable, Comparable {
        let name: String
        let labels: String

        static func < (left: Series, right: Series) -> Bool {
            (left.name, left.labels) < (right.name, right.labels)
        }
    }

    private let counts = Mutex(Counts())

    private func add(_ name: String, _ labels: String, by amount: Int = 1) {
        counts.withLock { $0.values[Series(name: name, labels: labels), default: 0] += amount }
    }

    func codesIssued(_ purpose: Purpose) { add("eonay_portal_codes_issued_total", #"purpose="\#(purpose.rawValue)""#) }

    func codesLapsed(_ count: Int) { add("eonay_portal_codes_lapsed_total", "", by: count) }

    func codeUsed(_ purpose: Purpose) { add("eonay_portal_codes_used_total", #"purpose="\#(purpose.rawValue)""#) }

    /// - Parameter result: "good", or the problem's name.
    func signatureJudged(_ result: String) { add("eonay_portal_verifications_total", #"result="\#(result)""#) }

    func revocation(source: String, result: String) {
        add("eonay_portal_revocation_total", #"source="\#(source)",result="\#(result)""#)
    }

    func applicationFiled(_ kind: ApplicationKind) {
        add("eonay_portal_applications_total", #"kind="\#(kind.rawValue)""#)
    }

    /// A request, by its route's pattern: the path itself can hold a code.
    func request(method: String, route: String, status: Int, seconds: Double) {
        counts.withLock { counts in
            let labels = #"method="\#(method)",route="\#(route)",status="\#(status)""#
            counts.values[Series(name: "eonay_portal_requests_total", labels: labels), default: 0] += 1
            counts.latency.add(seconds)
        }
    }

    private static let meanings = [
        "eonay_portal_codes_issued_total": "Verification codes that were given out.",
        "eonay_portal_codes_used_total": "Verification codes under which a signature was taken.",
        "eonay_portal_codes_lapsed_total": "Verification codes that nobody used, counted when they are swept.",
        "eonay_portal_verifications_total": "Signatures by what was found: good, or the problem.",
        "eonay_portal_revocation_total": "Questions about revocation by who was asked and the answer.",
        "eonay_portal_applications_total": "Applications that were filed.",
        "eonay_portal_requests_total": "Requests by method, route and status.",
    ]

    /// The text format of Prometheus, version 0.0.4.
    var text: String {
        let (values, latency) = counts.withLock { ($0.values, $0.latency) }
        var lines: [String] = []
        for name in Set(values.keys.map(\.name)).sorted() {
            lines.append("# HELP \(name) \(Self.meanings[name] ?? "")")
            lines.append("# TYPE \(name) counter")
            for series in values.keys.filter({ $0.name == name }).sorted() {
                let labels = series.labels.isEmpty ? "" : "{\(series.labels)}"
                lines.append("\(name)\(labels) \(values[series] ?? 0)")
            }
        }
        return (lines + latency.lines("eonay_portal_request_seconds")).joined(separator: "\n") + "\n"
    }
}

/// A histogram of Prometheus with fixed bounds, in seconds.
struct Histogram: Sendable {
    private static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
    private var buckets = [Int](repeating: 0, count: bounds.count)
    private var sum = 0.0
    private var count = 0

    mutating func add(_ value: Double) {
        for (place, bound) in Self.bounds.enumerated() where value <= bound { buckets[place] += 1 }
        sum += value
        count += 1
    }

    func lines(_ name: String) -> [String] {
        ["# HELP \(name) How long requests took, in seconds.", "# TYPE \(name) histogram"]
            + zip(Self.bounds, buckets).map { #"\#(name)_bucket{le="\#($0)"} \#($1)"# }
            + [#"\#(name)_bucket{le="+Inf"} \#(count)"#, "\(name)_sum \(sum)", "\(name)_count \(count)"]
    }
}

/// What watches the portal asks for: `/healthz` from anywhere, `/metrics` from this machine alone.
struct Monitoring: Sendable {
    let service: PortalService
    let addresses: ClientAddress

    func add(to router: Router<PortalContext>) {
        router.get("/healthz") { _, _ in await service.healthAnswer() }
        router.get("/metrics") { request, context in
            guard addresses.isLocal(request, context) else { throw PortalProblem(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await text())))
        }
    }

    private func text() async throws -> String {
        let figures = try await service.store.gauges(at: service.clock.now())
        let gauges = [
            ("sessions", "Sessions that live.", figures.sessions),
            ("open_codes", "Codes that wait for a signature.", figures.openCodes),
            ("event_streams", "Pages that wait for news of their session.", service.events.count),
            ("records", "Decisions and applications.", Int(figures.records)),
        ]
        return service.metrics.text
            + gauges.map { name, meaning, value in
                let series = "eonay_portal_" + name
                return "# HELP \(series) \(meaning)\n# TYPE \(series) gauge\n\(series) \(value)\n"
            }.joined()
    }
}

extension PortalService {
    /// The answer of `/healthz`: 200 for a portal that can read and write its database, else 503.
    func healthAnswer() async -> Response {
        guard await health.isWell() else { return Response(problem: .unwell) }
        return Response(json: .members(("status", .string("ok"))))
    }
}
