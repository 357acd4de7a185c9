// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import VirtualCard

/// A portal of a test's own, on a loopback port that was free, with its data in the desktop's folder.
public struct TestPortal: Sendable {
    public let process: ChildProcess
    /// Such as `http://127.0.0.1:34567`.
    public let origin: String
}

extension Desktop {
    /// Starts `eonay-portal serve`, which trusts this desktop's authority, and returns when it listens.
    ///
    /// Started again with the `origin` of an earlier one, it takes that one's place, with its data.
    public func startPortal(origin: String? = nil, configuration: String = "") async throws -> TestPortal {
        if origin == nil {
            _ = try folder.makeFolder("anchors")
            _ = try folder.write("anchors/root.pem", authority.root.pem)
            _ = try folder.write("anchors/issuer.pem", authority.issuer.pem)
            _ = try folder.makeFolder("portal")
        }
        let listen = origin.map { String($0.dropFirst("http://".count)) } ?? "127.0.0.1:0"
        let file = try folder.write(
            "portal.conf",
            """
            [Server]
            Listen=\(listen)
            DataDirectory=\(folder.file("portal"))

            [Trust]
            Anchors=\(folder.file("anchors"))

            [Revocation]
            Policy=prefer
            Timeout=1

            \(configuration)

            """)
        let process = try await start("eonay-portal", ["serve", "--config", file])
        let line = try await process.lines.next { $0.text.hasPrefix("listening on ") }
        let address = String(line.text.dropFirst("listening on ".count))
        return TestPortal(process: process, origin: address.hasPrefix("http") ? address : "http://\(address)")
    }

    /// Starts a portal and names it to the service that is started next.
    public func startConfiguredPortal(_ configuration: String = "") async throws -> TestPortal {
        let portal = try await startPortal(configuration: configuration)
        try configure("[Portal \"deneme\"]\nOrigin=\(portal.origin)\n")
        return portal
    }
}
