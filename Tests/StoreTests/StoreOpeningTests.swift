// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import TestBench
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
struct StoreOpeningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func folderAndFilesAreTheOwnersAlone() async throws {
        mkdir(folder.state, 0o755)
        try Data().write(to: URL(fileURLWithPath: folder.database))
        chmod(folder.database, 0o644)
        try await withStore(in: folder, expecting: .created) { store async throws in
            try await store.remember([.example()])
            #expect(mode(folder.state) == 0o700)
            for suffix in ["", "-wal", "-shm"] { #expect(mode(folder.database + suffix) == 0o600, "\(suffix)") }
        }
    }

    @Test func foldersAboveAreMade() async throws {
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: folder.path + "/a/b/eonay", thread: thread)
        #expect(try await store.open() == .created)
        #expect(mode(folder.path + "/a") == 0o700)
        await store.close()
        thread.stop()
    }

    @Test func commitsAreSynced() async throws {
        try await withStore(in: folder) { store async throws in
            #expect(try await store.pragma("PRAGMA journal_mode") == "wal")
            #expect(try await store.pragma("PRAGMA synchronous") == "2")
            #expect(try await store.pragma("PRAGMA foreign_keys") == "1")
        }
    }

    @Test func theHeaderSaysWhoseFileItIs() async throws {
        try await withStore(in: folder) { store async throws in
            #expect(try await store.pragma("PRAGMA application_id") == "\(Schema.applicationID)")
            #expect(try await store.pragma("PRAGMA user_version") == "\(Schema.steps.count)")
        }
    }

    @Test func aDatabaseOfAnotherProgramIsLeftAlone() async throws {
        try makeFile("CREATE TABLE songs (title TEXT)")
        await expectRefusal(.foreign)
    }

    @Test func aDatabaseOfANewerVersionIsLeftAlone() async throws {
        try await withStore(in: folder) { _ in }
        try SQLiteConnection(path: folder.database).script("PRAGMA user_version = 99")
        await expectRefusal(.newer)
    }

    @Test(arguments: ["not a database at all", String(repeating: "x", count: 100_000), "SQLite format 3\0garbage"])
    func aDamagedFileIsMovedAsideAndANewOneTakesItsPlace(contents: String) async throws {
        mkdir(folder.state, 0o700)
        for round in 1...2 {
            try contents.write(toFile: folder.database, atomically: false, encoding: .utf8)
            try "journal".write(toFile: folder.database + "-wal", atomically: false, encoding: .utf8)
            try await withStore(in: folder, expecting: .replaced(movedTo: folder.database + ".broken-\(round)")) {
                try await $0.remember([.example()])
                #expect(try await $0.certificates().count == 1)
            }
            #expect(try String(contentsOfFile: folder.database + ".broken-\(round)", encoding: .utf8) == contents)
        }
    }

    /// A file with any byte wrong opens, or is moved aside, or is refused by name.
    @Test func aFlippedByteNeverCrashesNorLeavesTheServiceWithoutAnAnswer() async throws {
        try await withStore(in: folder) { store async throws in
            try await store.remember((0..<40).map { .example($0) })
            for number in 1...20 { try await store.insert(.example(Int64(number), token: "t\(number)")) }
        }
        let intact = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        let thread = try BlockingThread(name: "store")
        var moved = 0
        for position in Array(0..<100) + Array(stride(from: 100, to: intact.count, by: 97)) {
            var damaged = intact
            damaged[position] ^= 0xFF
            try FileManager.default.removeItem(atPath: folder.state)
            mkdir(folder.state, 0o700)
            try damaged.write(to: URL(fileURLWithPath: folder.database))
            let store = Store(folder: folder.state, thread: thread)
            do {
                if case .replaced = try await store.open() { moved += 1 }
                _ = try await store.certificates()
                _ = try await store.unfinishedApprovals()
                try await store.remember([.example(99)])
            } catch {
                // The header also says who may write the file and in which format it is.
                let isOfHeader = position < 100 && [.foreign, .newer, .readOnly, .unexpected].contains(error.code)
                #expect(isOfHeader || error.code == .corrupt, "at \(position): \(error)")
            }
            await store.close()
        }
        #expect(moved > 20)
        thread.stop()
    }

    @Test func aStoreThatIsNotOpenSaysSo() async throws {
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: folder.state, thread: thread)
        await #expect(throws: StoreError(.notOpen, call: "", detail: "")) { try await store.certificates() }
        thread.stop()
    }

    @Test func anotherProgramsLockIsToldAsBusy() async throws {
        try await withStore(in: folder) { store async throws in
            let other = try SQLiteConnection(path: folder.database, patience: 0)
            let third = try SQLiteConnection(path: folder.database, patience: 0)
            try other.run("BEGIN IMMEDIATE")
            #expect(throws: StoreError(.busy, call: "", detail: "")) { try third.run("BEGIN IMMEDIATE") }
            try other.run("ROLLBACK")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func aFolderOfSomebodyElseIsRefused() async throws {
        mkdir(folder.state, 0o777)
        chown(folder.state, 12_345, 12_345)
        await expectRefusal(.denied)
    }

    private func makeFile(_ script: StaticString) throws {
        mkdir(folder.state, 0o700)
        try Data().write(to: URL(fileURLWithPath: folder.database))
        try SQLiteConnection(path: folder.database).script(script)
    }

    private func expectRefusal(_ code: StoreError.Code) async {
        let before = FileManager.default.contents(atPath: folder.database)
        await #expect(throws: StoreError(code, call: "", detail: "")) { try await withStore(in: folder) { _ in } }
        #expect(FileManager.default.contents(atPath: folder.database) == before)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }
}

extension Store {
    fileprivate func pragma(_ sql: StaticString) throws -> String? {
        try opened().rows(sql) { $0.text() }.first
    }
}
