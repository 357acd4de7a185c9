// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FoldersWatchTests {
    private func watch(_ folders: [String], _ resident: Resident<String>) async throws -> FoldersWatch {
        try await resident.onLoop { loop in
            try FoldersWatch(folders, on: loop, isOfInterest: { $0.contains(".so") }) { resident.note("news") }
        }
    }

    private func write(_ path: String) { close(creat(path, 0o600)) }

    @Test func aFileInOneOfThemIsNews() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<String>(loop)
                for name in ["a", "b"] { mkdir("\(folder)/\(name)", 0o700) }
                let watch = try await watch(["\(folder)/a", "\(folder)/b"], resident)
                write("\(folder)/b/text")
                write("\(folder)/b/libakisp11.so")
                #expect(await resident.events(1).first == "news")
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test(arguments: ["chmod", "rename", "remove"])
    func whatMayMendAFileIsNewsToo(_ change: String) async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<String>(loop)
                write("\(folder)/x.so")
                let watch = try await watch([folder], resident)
                switch change {
                case "chmod": chmod("\(folder)/x.so", 0o755)
                case "rename": rename("\(folder)/x.so", "\(folder)/x.so.1")
                default: remove("\(folder)/x.so")
                }
                #expect(await resident.events(1).first == "news")
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aFolderThatComesIntoBeingIsNewsAndWatchedFromThen() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<String>(loop)
                let watch = try await watch(["\(folder)/opt/akis/lib", "\(folder)/opt/akia"], resident)
                mkdir("\(folder)/opt", 0o700)
                #expect(await resident.events(1).first == "news")
                mkdir("\(folder)/opt/akis", 0o700)
                #expect(await resident.events(2).count >= 2)
                mkdir("\(folder)/opt/akis/lib", 0o700)
                #expect(await resident.events(3).count >= 3)
                write("\(folder)/opt/akis/lib/libakisp11.so")
                #expect(await resident.events(4).count >= 4)
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aFolderThatGoesIsWaitedForAgain() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<String>(loop)
                mkdir("\(folder)/lib", 0o700)
                let watch = try await watch(["\(folder)/lib"], resident)
                rmdir("\(folder)/lib")
                #expect(await resident.events(1).first == "news")
                mkdir("\(folder)/lib", 0o700)
                #expect(await resident.events(2).count >= 2)
                write("\(folder)/lib/x.so")
                #expect(await resident.events(3).count >= 3)
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aFolderThatIsMovedInWithItsContentIsNews() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<String>(loop)
                let watch = try await watch(["\(folder)/a/b/c"], resident)
                for name in ["a", "a/b", "made"] { mkdir("\(folder)/\(name)", 0o700) }
                write("\(folder)/made/x.so")
                let told = await resident.events(1).count
                rename("\(folder)/made", "\(folder)/a/b/c")
                #expect(await resident.events(told + 1).count > told)
                let now = await resident.events(0).count
                write("\(folder)/a/b/c/y.so")
                #expect(await resident.events(now + 1).count > now)
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aParentThatIsAFileIsWaitedOut() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<String>(loop)
                write("\(folder)/a")
                let watch = try await watch(["\(folder)/a/b"], resident)
                remove("\(folder)/a")
                mkdir("\(folder)/a", 0o700)
                mkdir("\(folder)/a/b", 0o700)
                let told = await resident.events(1).count
                write("\(folder)/a/b/x.so")
                #expect(await resident.events(told + 1).count > told)
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }
}
