// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct FileWatchTests {
    /// Runs with a watch over `a/eonay.conf` in a fresh folder, in which nothing is yet.
    private func withWatch(
        folders: [String] = [], link: String? = nil,
        _ body: (_ folder: String, _ changed: () async -> Void) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                for name in folders { try make("\(folder)/\(name)") }
                if let link {
                    try FileManager.default.createSymbolicLink(
                        atPath: "\(folder)/a/eonay.conf", withDestinationPath: link)
                }
                let resident = Resident<Int>(loop)
                let watch = try await resident.onLoop { loop in
                    try FileWatch("\(folder)/a/eonay.conf", on: loop) { resident.note(1) }
                }
                var told = 0
                try await body(folder) {
                    told += 1
                    _ = await resident.events(told)
                }
                await resident.onLoop { _ in watch.cancel() }
                #expect(await resident.events(told).count == told)
            }
        }
    }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private func write(_ text: String, to path: String, atomically: Bool = false) throws {
        try text.write(toFile: path, atomically: atomically, encoding: .utf8)
    }

    @Test func eachWayOfWritingIsToldOnce() async throws {
        try await withWatch { folder, changed in
            try make("\(folder)/a")
            await changed()
            try write("1", to: "\(folder)/a/eonay.conf")
            await changed()
            // In place, and as an editor does: beside it, then over it.
            try write("2", to: "\(folder)/a/eonay.conf")
            await changed()
            try write("3", to: "\(folder)/a/eonay.conf", atomically: true)
            await changed()
            try FileManager.default.removeItem(atPath: "\(folder)/a/eonay.conf")
            await changed()
        }
    }

    @Test func anotherFileOfTheFolderIsNobodysBusiness() async throws {
        try await withWatch(folders: ["a"]) { folder, changed in
            try write("x", to: "\(folder)/a/other.conf")
            try write("1", to: "\(folder)/a/eonay.conf")
            await changed()
        }
    }

    @Test func aLinksTargetIsWatchedAndTheNextOneToo() async throws {
        try await withWatch(folders: ["a", "one", "two"], link: "../one/conf") { folder, changed in
            try write("1", to: "\(folder)/one/conf")
            await changed()
            try FileManager.default.removeItem(atPath: "\(folder)/a/eonay.conf")
            await changed()
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/a/eonay.conf", withDestinationPath: "\(folder)/two/conf")
            await changed()
            try write("2", to: "\(folder)/two/conf")
            await changed()
        }
    }
}
