// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FolderWatchTests {
    private func watch(_ path: String, _ resident: Resident<FolderWatch.Event>) async throws -> FolderWatch {
        try await resident.onLoop { loop in try FolderWatch(path, on: loop) { resident.note($0) } }
    }

    private func touch(_ path: String) {
        close(creat(path, 0o600))
    }

    @Test func namesThatComeAndGoAreTold() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<FolderWatch.Event>(loop)
                let watch = try await watch(folder, resident)
                touch("\(folder)/pcscd.comm")
                rename("\(folder)/pcscd.comm", "\(folder)/other")
                remove("\(folder)/other")
                let expected: [FolderWatch.Event] = [
                    .appeared("pcscd.comm"), .gone("pcscd.comm"), .appeared("other"), .gone("other"),
                ]
                #expect(await resident.events(4) == expected)
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aFolderThatComesLaterIsToldWithItsContent() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<FolderWatch.Event>(loop)
                let watch = try await watch("\(folder)/a/b/c", resident)
                mkdir("\(folder)/a", 0o700)
                mkdir("\(folder)/a/b", 0o700)
                mkdir("\(folder)/made", 0o700)
                touch("\(folder)/made/x")
                rename("\(folder)/made", "\(folder)/a/b/c")
                let events = await resident.events(2)
                #expect(events.prefix(2) == [.folderAppeared, .appeared("x")])
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aFolderThatGoesAndComesAgainIsToldEachTime() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<FolderWatch.Event>(loop)
                let path = "\(folder)/run"
                mkdir(path, 0o700)
                let watch = try await watch(path, resident)
                rmdir(path)
                #expect(await resident.events(1) == [.folderGone])
                mkdir(path, 0o700)
                #expect(await resident.events(2) == [.folderGone, .folderAppeared])
                touch("\(path)/socket")
                #expect(await resident.events(3).last == .appeared("socket"))
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }

    @Test func aParentThatIsAFileIsWaitedOut() async throws {
        try await withTemporaryFolder { folder in
            try await withLoop { loop in
                let resident = Resident<FolderWatch.Event>(loop)
                touch("\(folder)/a")
                let watch = try await watch("\(folder)/a/b", resident)
                remove("\(folder)/a")
                mkdir("\(folder)/a", 0o700)
                mkdir("\(folder)/a/b", 0o700)
                #expect(await resident.events(1) == [.folderAppeared])
                await resident.onLoop { _ in watch.cancel() }
            }
        }
    }
}
