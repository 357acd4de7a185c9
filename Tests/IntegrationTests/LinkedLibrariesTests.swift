// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

/// A linked library is loaded at each start, and stays.
@Suite(.timeLimit(.minutes(1)))
struct LinkedLibrariesTests {
    /// The libraries that a program names itself, without version and without those of the language.
    private func libraries(of program: String) async throws -> Set<String> {
        let readelf = try Programs.find("readelf", package: "binutils")
        let table = try await run(readelf, ["-d", Programs.built(program)]).check().text
        let names = table.matches(of: /\(NEEDED\).*\[([^\]]+?)\.so/).map { String($0.1) }
        let language = ["libc", "libm", "libgcc_s", "libstdc++", "ld-linux-x86-64", "libBlocksRuntime", "libdispatch"]
        return Set(names).filter { !$0.hasPrefix("libswift") && !$0.hasPrefix("lib_") }.subtracting(language)
    }

    @Test func theServiceIsLinkedToTheBusPcscAndSQLiteAlone() async throws {
        #expect(try await libraries(of: "eonayd") == ["libdbus-1", "libpcsclite", "libsqlite3"])
    }

    @Test func theCommandIsLinkedToTheBusAlone() async throws {
        let libraries = try await libraries(of: "eonay")
        #expect(libraries.subtracting(["libFoundation", "libFoundationEssentials"]) == ["libdbus-1"])
    }

    @Test func notificationsAreTheBusinessOfTheirOwnJob() async throws {
        #expect(try await libraries(of: "eonay-notify").contains("libnotify"))
    }
}
