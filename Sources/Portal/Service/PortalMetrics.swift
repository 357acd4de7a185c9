// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import Synchronization

/// Counters since the start, for `/metrics`. Nothing in them is about a person. docs/decisions/0020 says why they are not
/// swift-metrics'.
final class PortalMetrics: Sendable {
    private enum Counter: String, CaseIterable {
        case applications, codesIssued, codesLapsed, codesUsed, requests, revocation, verifications

        var series: (name: String, help: String) {
            switch self {
            case .applications: ("applications_total", "Applications that were filed.")
            case .codesIssued: ("codes_issued_total", "Verification codes that were issued.")
            case .codesLapsed:
                ("codes_lapsed_total", "Verification codes that nobody used, counted when they are removed.")
            case .codesUsed: ("codes_used_total", "Verification codes under which a signature was accepted.")
            case .requests: ("requests_total", "Requests by method, route and status.")
            case .revocation: ("revocation_total", "Questions about revocation by source and answer.")
            case .verifications: ("verifications_total", "Signatures by result: good, or the problem.")
            }
        }
    }

    private struct Counts {
        /// By counter and labels.
        var values: [Counter: [String: Int]] = [:]
        var latency = Histogram()
    }

    private let counts = Mutex(Counts())

    private func add(_ counter: Counter, _ labels: String, by amount: Int = 1) {
        counts.withLock { $0.values[counter, default: [:]][labels, default: 0] += amount }
    }

    func codesIssued(_ purpose: Purpose) { add(.codesIssued, #"{purpose="\#(purpose.rawValue)"}"#) }

    func codesLapsed(_ count: Int) { add(.codesLapsed, "", by: count) }

    func codeUsed(_ purpose: Purpose) { add(.codesUsed, #"{purpose="\#(purpose.rawValue)"}"#) }

    /// - Parameter result: "good", or the problem's name.
    func signatureJudged(_ result: String) { add(.verifications, #"{result="\#(result)"}"#) }

    func revocation(source: String, result: String) {
        add(.revocation, #"{source="\#(source)",result="\#(result)"}"#)
    }

    func applicationFiled(_ kind: ApplicationKind) { add(.applications, #"{kind="\#(kind.rawValue)"}"#) }

    /// A request, by its route's pattern: the path itself can hold a code.
    func request(method: String, route: String, status: Int, seconds: Double) {
        add(.requests, #"{method="\#(method)",route="\#(route)",status="\#(status)"}"#)
        counts.withLock { $0.latency.add(seconds) }
    }

    /// The text format of Prometheus, version 0.0.4.
    var text: String {
        let (values, latency) = counts.withLock { ($0.values, $0.latency) }
        let families = Counter.allCases.compactMap { counter in
            values[counter].map { series in
                let lines = series.sorted { $0.key < $1.key }.map { (suffix: $0.key, value: "\($0.value)") }
                return Self.family(counter.series.name, counter.series.help, "counter", lines)
            }
        }
        return families.joined()
            + Self.family("request_seconds", "How long requests took, in seconds.", "histogram", latency.lines)
    }

    /// The lines of one metric. A suffix has the labels, and what else comes between name and value.
    static func family(
        _ name: String, _ help: String, _ type: String, _ lines: [(suffix: String, value: String)]
    ) -> String {
        let name = "eonay_portal_" + name
        return "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            + lines.map { "\(name)\($0.suffix) \($0.value)\n" }.joined()
    }
}

/// A histogram of Prometheus with fixed bounds, in seconds.
private struct Histogram {
    private static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
    private var buckets = [Int](repeating: 0, count: bounds.count)
    private var sum = 0.0
    private var count = 0

    mutating func add(_ value: Double) {
        for (place, bound) in Self.bounds.enumerated() where value <= bound { buckets[place] += 1 }
        sum += value
        count += 1
    }

    var lines: [(suffix: String, value: String)] {
        zip(Self.bounds, buckets).map { (#"_bucket{le="\#($0)"}"#, "\($1)") }
            + [(#"_bucket{le="+Inf"}"#, "\(count)"), ("_sum", "\(sum)"), ("_count", "\(count)")]
    }
}

/// The paths for programs that monitor the portal: `/healthz` for anybody, `/metrics` for this machine alone.
struct Monitoring: Sendable {
    let service: PortalService
    let addresses: ClientAddress

    func add(to router: Router<PortalContext>) {
        router.get("/healthz") { _, _ in await service.healthAnswer() }
        router.get("/metrics") { request, context in
            guard addresses.isLocal(request, context) else { throw PortalProblem(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: service.metrics.text + (try await gauges()))))
        }
    }

    private func gauges() async throws -> String {
        let figures = try await service.store.gauges(at: service.clock.now())
        return [
            ("sessions", "Sessions that live.", figures.sessions),
            ("open_codes", "Codes that wait for a signature.", figures.openCodes),
            ("event_streams", "Pages that wait for news of their session.", service.events.count),
            ("records", "Decisions and applications.", Int(figures.records)),
        ].map { PortalMetrics.family($0, $1, "gauge", [("", "\($2)")]) }.joined()
    }
}

extension PortalService {
    /// The answer of `/healthz`: 200 if the portal can read and write its database, else 503.
    func healthAnswer() async -> Response {
        guard await health.isWell() else { return Response(problem: .unwell) }
        return Response(json: .members(("status", .string("ok"))))
    }
}
