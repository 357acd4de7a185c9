// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// The real program on a file system that is really full.
@Suite(.timeLimit(.minutes(2))) struct FullDiskTests {
    @Test func aFullDiskIsToldByHealthAndLog() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try """
        [Server]
        Listen=127.0.0.1:0
        DataDirectory=\(bench.directory)/data
        [Trust]
        Anchors=\(bench.directory)/anchors
        [Limits]
        CodesPerIdentity=1000000
        CodesPerAddress=1000000
        """.write(toFile: bench.directory + "/portal.conf", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: bench.directory + "/data", withIntermediateDirectories: true)
        // A file system of the child's own: 4 MiB, which nobody else sees. Once the portal listens, all that is left is taken.
        let script = """
            mount -t tmpfs -o size=4m,mode=700 tmpfs "$1/data" || exit 99
            "$2" serve --config "$1/portal.conf" &
            portal=$!
            trap 'kill $portal; wait $portal; exit' TERM
            read line
            head -c 8m /dev/zero >"$1/data/filler" 2>"$1/told"
            echo the disk is full
            read line
            rm "$1/data/filler"
            echo the disk has room
            wait $portal
            """
        let child = try await ChildProcess.start(
            try Programs.find("unshare", package: "util-linux"),
            [
                "--map-root-user", "--mount", "sh", "-c", script, "sh", bench.directory,
                try Programs.built("eonay-portal"),
            ], environment: ["JOURNAL_STREAM": "1:1"])
        let line = try await child.lines.next { $0.text.hasPrefix("listening on ") }
        let portal = RemotePortal(address: String(line.text.dropFirst("listening on ".count)))
        #expect(try await portal.get("/healthz").status == 200)
        child.write(Array("\n".utf8))
        _ = try await child.lines.next { $0.text == "the disk is full" }
        // SQLite's log goes on in the room that it has.
        var status = 201
        while status == 201 {
            status = try await portal.post(PortalPath.sessions, SessionRequest(identity: Holder.sukru.identity)).status
        }
        #expect(status == 500)
        var health = try await portal.get("/healthz")
        while health.status == 200 { health = try await portal.get("/healthz") }
        #expect(health.status == 503)
        let failed = try await child.lines.next { $0.text.contains(#""message":"failed""#) }
        #expect(failed.text.hasPrefix("<3>{") && failed.text.contains("database or disk is full"), "\(failed.text)")
        child.write(Array("\n".utf8))
        _ = try await child.lines.next { $0.text == "the disk has room" }
        while try await portal.get("/healthz").status != 200 {}
        child.send(signal: SIGTERM)
        _ = await child.end()
    }
}
