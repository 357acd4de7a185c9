// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IP address, whichever way it is written: two spellings of one address are equal.
struct NetworkAddress: Hashable, Sendable {
    /// Sixteen of them: an IPv4 address is kept as the IPv6 address that stands for it (RFC 4291, section 2.5.5.2).
    private let octets: [UInt8]

    /// nil for what is no address; names and zones are none.
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
    var isIPv4: Bool { octets.starts(with: Self.mapped) }

    /// An address of this machine that no other can send from.
    var isLoopback: Bool { isIPv4 ? octets[12] == 127 : octets == [UInt8](repeating: 0, count: 15) + [1] }

    /// What limits count: an IPv4 address, or the /64 that an IPv6 address lies in, since one household has as many
    /// addresses in it as it likes.
    var counted: String { isIPv4 ? octets[12...].map(String.init).joined(separator: ".") : prefix(8) + "/64" }

    /// The first octets in hexadecimal.
    private func prefix(_ count: Int) -> String {
        octets[..<count].map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The /48 of an IPv6 address: what one customer is given at most. nil for IPv4.
    var network: String? { isIPv4 ? nil : prefix(6) + "/48" }
}
