// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Jobs
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JobProgramTests {
    @Test func aProgramThatIsNowhereIsToldWithThePlacesLookedAt() {
        let error = #expect(throws: JobError.self) { try JobProgram.installed("eonay-nothing") }
        #expect(error?.code == .notFound)
        #expect(error?.detail.contains("/eonay-nothing, ") == true)
        #expect(error?.detail.contains("/../libexec/eonay/eonay-nothing, ") == true)
        #expect(error?.detail.hasSuffix("/../../bin/eonay-nothing") == true)
    }

    @Test func aProgramBesideOurOwnIsFound() throws {
        // The program that runs the tests is beside itself.
        let own = try #require(CommandLine.arguments.first?.split(separator: "/").last)
        #expect(try JobProgram.installed(String(own)).name == own)
    }
}
