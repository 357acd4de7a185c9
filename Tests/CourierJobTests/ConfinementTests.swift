// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import JobFrames
import PortalBench
import TestBench
import Testing
import TokenBench

/// What a courier may not do, by a library in it that tries it before the first connection.
@Suite(.timeLimit(.minutes(1)))
struct ConfinementTests {
    @Test func aCourierIsRefusedWhatItHasNoBusinessToDoAndWorksOn() async throws {
        let (forbidden, library) = (try Forbidden(), try VendorModule("tries-at-connect"))
        let portal = try ScriptedPortal([
            Step.json("{\"version\": \"1\", \"accept\": \"KABUL.\", \"decline\": \"RET.\"}")
        ])
        // The certificates of authorities may lie in a person's folder, beside other things.
        let caFile = try #require(forbidden.environment["HOME"]) + "/authorities.pem"
        try Data("no certificate".utf8).write(to: URL(fileURLWithPath: caFile))
        let courier = try await CourierProcess(
            environment: forbidden.environment.merging(["LD_PRELOAD": library.path]) { $1 })
        let open = CourierRequest.open(try portal.origin, caFile: caFile, connectTimeout: 2000, totalTimeout: 5000)
        #expect(try courier.ask(open) == .opened)
        #expect(
            try courier.ask(.question(.statement))
                == .statement(try OfferedStatement(version: "1", accept: "KABUL.", decline: "RET.")))
        #expect(await courier.finish() == .exited(0))
        let expected = Forbidden.anywhere.merging([
            "read-driver-settings": "EACCES", "shared-memory": "EACCES", "hot-plug": "EAFNOSUPPORT", "routes": "done",
            "internet": "done", "internet-6": "done", "type": "EPERM",
        ]) { $1 }
        #expect(Forbidden.results(courier.process.lines.all.map(\.text).joined(separator: "\n")) == expected)
    }
}
