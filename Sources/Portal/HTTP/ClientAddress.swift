// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import HTTPTypes
import Hummingbird
import PortalContract

/// Where requests come from, for the limits that count per address.
struct ClientAddress: Sendable {
    /// The portal reads `X-Forwarded-For` from these proxies alone.
    let proxies: Set<NetworkAddress>

    /// The address that limits count under: see `NetworkAddress.counted`.
    func address(of request: Request, _ context: PortalContext) -> String {
        Self.counted(client(of: request, context))
    }

    /// Whether a request comes from this machine itself. A proxy on this machine that is not configured has a loopback
    /// address as well; the fields that it adds show it.
    func isLocal(_ request: Request, _ context: PortalContext) -> Bool {
        guard NetworkAddress(client(of: request, context))?.isLoopback == true else { return false }
        if request.headers[Self.forwardedFor] != nil { return isProxy(context.peer) }
        return request.headers[Self.forwarded] == nil
    }

    /// Whether a connection's other end is a configured proxy.
    func isProxy(_ peer: String) -> Bool {
        !proxies.isEmpty && NetworkAddress(peer).map(proxies.contains) == true
    }

    private func client(of request: Request, _ context: PortalContext) -> String {
        guard isProxy(context.peer) else { return context.peer }
        // Each proxy adds the address that it saw at the end of the list. The client itself may have written everything
        // before the last address that is not a proxy's.
        let hops = request.headers[values: Self.forwardedFor].flatMap { $0.split(separator: ",") }
            .map { String($0.filter { $0 != " " }) }
        return hops.map(Self.host).last { !isProxy($0) } ?? context.peer
    }

    /// An address without the port that some proxies write after it, and without the brackets that go with one.
    static func host(_ hop: String) -> String {
        if hop.first == "[", let end = hop.firstIndex(of: "]") {
            return String(hop[hop.index(after: hop.startIndex)..<end])
        }
        // One colon: an IPv6 address has two at least.
        let parts = hop.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : hop
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    private static let forwarded = HTTPField.Name("Forwarded")!

    /// The text that an address counts as. Text that is no address counts as it is written.
    static func counted(_ address: String) -> String {
        NetworkAddress(address)?.counted ?? String(address.prefix(64))
    }

    /// The places that something from an address counts at, each with its limit: the address itself, and the /48 around
    /// an IPv6 address, which may have 16 times as much. A customer who is given a /48 has 65,536 networks to come from.
    ///
    /// - Parameter address: an address, or what one counts as.
    static func places(of address: String, atMost limit: Int) -> [(name: String, limit: Int)] {
        let own = (counted(address), limit)
        return network(of: address).map { [own, ($0, 16 * limit)] } ?? [own]
    }

    /// The /48 around an address, or around what one counts as; nil for IPv4 and what is no address.
    static func network(of address: String) -> String? {
        if let address = NetworkAddress(address) { return address.network }
        let octets = address.split(separator: ":")
        guard address.hasSuffix("/64"), octets.count == 8 else { return nil }
        return octets[..<6].joined(separator: ":") + "/48"
    }
}

/// An IP address in any spelling: two spellings of one address are equal.
struct NetworkAddress: Hashable, Sendable {
    /// Sixteen: an IPv4 address is kept as the IPv6 address that stands for it (RFC 4291, section 2.5.5.2).
    private let octets: [UInt8]

    /// nil for text that is no address, such as a name or an address with a zone.
    init?(_ text: String) {
        var six = [UInt8](repeating: 0, count: 16)
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET6, text, &six) == 1 {
            octets = six
        } else if inet_pton(AF_INET, text, &four) == 1 {
            octets = Self.mapped + four
        } else {
            return nil
        }
    }

    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

    /// Also where it came through an IPv6 socket, as `::ffff:192.0.2.1`.
    private var isIPv4: Bool { octets.starts(with: Self.mapped) }

    /// An address of this machine that no other machine can send from.
    var isLoopback: Bool { isIPv4 ? octets[12] == 127 : octets == [UInt8](repeating: 0, count: 15) + [1] }

    /// The unit of limits: an IPv4 address, or the /64 of an IPv6 address, because a household has all addresses in it.
    var counted: String { isIPv4 ? octets[12...].map(String.init).joined(separator: ".") : prefix(8) + "/64" }

    /// The first octets in hexadecimal.
    private func prefix(_ count: Int) -> String {
        octets[..<count].map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The /48 of an IPv6 address: the most that one customer is given. nil for IPv4.
    var network: String? { isIPv4 ? nil : prefix(6) + "/48" }
}

/// Where a proxy speaks TLS for the portal, its plain HTTP is for that proxy and this machine. No other client gets a
/// page, a code or a cookie that would travel unprotected. Anybody may ask whether the portal is well.
///
/// It answers rather than hang up: most often the client that it refuses is the proxy itself, which comes from another
/// address than its administrator thinks, and the answer says so.
struct ProxyGate: PortalMiddleware {
    let addresses: ClientAddress

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        let isKnown = addresses.isProxy(context.peer) || NetworkAddress(context.peer)?.isLoopback == true
        if isKnown || Self.isHealth(request) { return try await next(request, context) }
        context.notes.note(.notTheProxy)
        return Response(problem: .notTheProxy)
    }

    /// Whether a request asks if the portal is well.
    static func isHealth(_ request: Request) -> Bool {
        ["/healthz", PortalPath.health].contains(request.uri.path)
    }
}
