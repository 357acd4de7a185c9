// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTPTypes
import Hummingbird

/// Where requests come from, for the limits that count per address.
struct ClientAddress: Sendable {
    /// The proxies whose word is taken for it; nobody else's `X-Forwarded-For` is read.
    let proxies: Set<String>

    /// The address that limits are counted under: an IPv4 address, or the /64 that an IPv6 address lies in, since one
    /// household has as many addresses in it as it likes.
    func address(of request: Request, _ context: PortalContext) -> String {
        var address = context.peer
        if proxies.contains(address) {
            // Each proxy adds the address that it saw at the end of the list; what stands before the last address that
            // is no proxy's was written by the client and means nothing.
            let hops = request.headers[values: Self.forwardedFor].flatMap { $0.split(separator: ",") }
                .map { String($0.filter { $0 != " " }) }
            address = hops.last { !proxies.contains($0) } ?? address
        }
        return Self.counted(address)
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!

    static func counted(_ address: String) -> String {
        var octets = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &octets) == 1 else { return String(address.prefix(64)) }
        // ::ffff:192.0.2.1 is 192.0.2.1 seen through an IPv6 socket.
        if octets[..<10].allSatisfy({ $0 == 0 }), octets[10] == 0xFF, octets[11] == 0xFF {
            return octets[12...].map(String.init).joined(separator: ".")
        }
        return octets[..<8].map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
