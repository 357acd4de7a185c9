// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TokenBench

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct PinentryCatalogTests {
    @Test func theConfiguredOneAloneIsTried() throws {
        #expect(PinentryCatalog.programs(configured: "/opt/p", path: "/usr/bin") == ["/opt/p"])
        let scratch = try Scratch()
        let own = try scratch.write("pinentry-own", "", mode: 0o700)
        #expect(PinentryCatalog.programs(configured: "pinentry-own", path: scratch.path) == [own])
        #expect(PinentryCatalog.programs(configured: "absent", path: scratch.path) == [])
    }

    @Test func theSystemsChoiceComesFirstAndEachProgramOnce() throws {
        let scratch = try Scratch()
        for name in ["pinentry-qt", "pinentry-gnome3"] { try scratch.write(name, name, mode: 0o700) }
        try Tool("ln", package: "coreutils").run(["-s", "pinentry-qt", scratch.path + "/pinentry"])
        let found = PinentryCatalog.programs(configured: nil, path: scratch.path).filter { $0.hasPrefix(scratch.path) }
        #expect(found == ["/pinentry", "/pinentry-gnome3"].map { scratch.path + $0 })
    }
}
