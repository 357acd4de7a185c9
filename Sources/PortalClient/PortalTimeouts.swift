// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How long a portal is waited for, in milliseconds.
public struct PortalTimeouts: Sendable, Equatable {
    /// For the connection, its TLS part included.
    public let connect: UInt32
    /// For a request from its beginning to the last octet of its answer.
    public let total: UInt32

    /// Zero would mean "for ever" to libcurl, so it is taken for the usual.
    public init(connect: UInt32 = 10_000, total: UInt32 = 30_000) {
        self.connect = connect == 0 ? 10_000 : connect
        self.total = total == 0 ? 30_000 : total
    }
}
