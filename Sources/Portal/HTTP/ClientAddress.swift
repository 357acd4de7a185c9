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
        return hops.last { !isProxy($0) } ?? context.peer
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    private static let forwarded = HTTPField.Name("Forwarded")!

    /// The text that an address counts as; what is no address counts as it is written.
    static func counted(_ address: String) -> String {
        NetworkAddress(address)?.counted ?? String(address.prefix(64))
    }

    /// The /48 around an address, or around what one counts as; nil for IPv4 and what is no address.
    static func network(of address: String) -> String? {
        if let address = NetworkAddress(address) { return address.network }
        let octets = address.split(separator: ":")
        guard address.hasSuffix("/64"), octets.count == 8 else { return nil }
        return octets[..<6].joined(separator: ":") + "/48"
    }
}
