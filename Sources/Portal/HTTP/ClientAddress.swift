// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// Where requests come from, for the limits that count per address.
struct ClientAddress: Sendable {
    /// The proxies whose word is taken for it; nobody else's `X-Forwarded-For` is read.
    let proxies: Set<NetworkAddress>

    /// The address that limits are counted under: see `NetworkAddress.counted`.
    func address(of request: Request, _ context: PortalContext) -> String {
        Self.counted(client(of: request, context))
    }

    /// Whether a request comes from this machine, and not through it: a proxy here that the portal was not told of has
    /// a loopback address, too, and gives itself away by what it adds.
    func isLocal(_ request: Request, _ context: PortalContext) -> Bool {
        guard NetworkAddress(client(of: request, context))?.isLoopback == true else { return false }
        if request.headers[Self.forwardedFor] != nil { return isProxy(context.peer) }
        return request.headers[Self.forwarded] == nil
    }

    /// Whether a connection's other end is a named proxy.
    func isProxy(_ peer: String) -> Bool {
        !proxies.isEmpty && NetworkAddress(peer).map(proxies.contains) == true
    }

    private func client(of request: Request, _ context: PortalContext) -> String {
        guard isProxy(context.peer) else { return context.peer }
        // Each proxy adds the address that it saw at the end of the list; what stands before the last address that is
        // no proxy's was written by the client and means nothing.
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

    /// The text that an address counts as; what is no address counts as it is written.
    static func counted(_ address: String) -> String {
        NetworkAddress(address)?.counted ?? String(address.prefix(64))
    }

    /// What the /48 around an address may do, by what an address may: neighbours share it.
    static func networkBudget(_ count: Int) -> Int { 16 * count }

    /// The /48 around an address, or around what one counts as; nil for IPv4 and what is no address.
    static func network(of address: String) -> String? {
        if let address = NetworkAddress(address) { return address.network }
        let octets = address.split(separator: ":")
        guard address.hasSuffix("/64"), octets.count == 8 else { return nil }
        return octets[..<6].joined(separator: ":") + "/48"
    }
}
