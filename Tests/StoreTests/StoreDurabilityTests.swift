// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
struct StoreDurabilityTests {
    private let folder: TemporaryFolder
    private let writer: String

    init() throws {
        folder = try TemporaryFolder()
        writer = try Programs.built("store-writer")
    }

    /// kill -9 at random moments, of which some fall into the making of the database and a hundred into its use.
    @Test func whatWasAcknowledgedIsThereAfterAKill() async throws {
        var killedWhileWriting = 0
        for round in 0..<1000 where killedWhileWriting < 100 {
            if round % 8 == 0 { try? FileManager.default.removeItem(atPath: folder.state) }
            let milliseconds = Int.random(in: 5...min(99, 60 + round / 4))
            let lines = try await TestBench.run(
                Programs.find("timeout", package: "coreutils"),
                ["-s", "KILL", "0.\(milliseconds < 10 ? "00" : "0")\(milliseconds)", writer, "write", folder.state]
            ).lines.map(\.text)
            let acknowledged = lines.compactMap(Progress.init)
            if !acknowledged.isEmpty { killedWhileWriting += 1 }
            try await withStore(in: folder) { store async throws in
                let kept = try await kept(by: store)
                if let last = acknowledged.last { #expect(last <= kept, "round \(round)") }
                try await store.finish(kept.number, .init(at: 0, result: "unknown"))
            }
        }
        #expect(killedWhileWriting == 100)
    }

    @Test func aFullDiskIsToldAndWhatWasAcknowledgedIsKept() async throws {
        let lines = try await onSmallDisk(
            "\"$2\" fill \"$1/state\"; \"$2\" open \"$1/state\"; cp -r \"$1/state\" \"$3\"")
        #expect(lines.contains("error full"))
        #expect(lines.last == "existing")
        let acknowledged = try #require(lines.compactMap(Progress.init).last)
        try await withStore(in: folder) { store async throws in #expect(try await kept(by: store) == acknowledged) }
    }

    @Test func aReadOnlyDiskIsTold() async throws {
        let lines = try await onSmallDisk(
            "\"$2\" open \"$1/state\"; mount -o remount,ro \"$1\"; \"$2\" open \"$1/state\"")
        #expect(lines == ["created", "error read-only"])
    }

    @Test func aFullDiskAtTheFirstStartIsTold() async throws {
        let lines = try await onSmallDisk(
            "head -c 600000 /dev/zero >\"$1/ballast\" 2>/dev/null; \"$2\" open \"$1/state\"; rm \"$1/ballast\";"
                + "\"$2\" open \"$1/state\"")
        #expect(lines == ["error full", "created"])
    }

    /// Runs a script in its own mount namespace, where $1 is a file system of 512 KiB, $2 the test program and $3 a place
    /// outside for what is to be looked at afterwards.
    private func onSmallDisk(_ script: String) async throws -> [String] {
        let disk = folder.path + "/disk"
        mkdir(disk, 0o700)
        return try await TestBench.run(
            Programs.find("unshare", package: "util-linux"),
            [
                "-rm", "/bin/sh", "-c", "mount -t tmpfs -o size=512k tmpfs \"$1\" || exit; \(script)", "sh", disk,
                writer,
                folder.state,
            ]
        ).lines.map(\.text)
    }

    /// How far the store's contents have come, after looking that nothing in them is half-done.
    private func kept(by store: Store) async throws -> Progress {
        let last = try await store.nextApprovalNumber() - 1
        if last == 0 { return Progress(number: 0, stage: 6) }
        let unfinished = try await store.unfinishedApprovals()
        let ended = try await store.endedApprovals(since: 0, limit: 10_000)
        #expect(unfinished.count <= 1 && unfinished.count + ended.count == Int(last))
        for approval in ended.prefix(3) + unfinished {
            let signatures = try await store.signatures(of: approval.number)
            #expect(approval.isSubmitted == !signatures.isEmpty)
            #expect(signatures.count == 2 || approval.end?.result != "recorded")
            for signature in signatures {
                #expect(signature.cms == Array(repeating: UInt8(truncatingIfNeeded: approval.number), count: 3000))
            }
        }
        guard let open = unfinished.first else { return Progress(number: last, stage: 6) }
        #expect(open.number == last)
        let signatures = try await store.signatures(of: last)
        // Stage 2 n is the n-th signature, stage 2 n + 1 the update after it.
        return Progress(number: last, stage: open.step == signatures.count * 2 ? open.step + 1 : signatures.count * 2)
    }
}

/// A line of `store-writer`.
private struct Progress: Comparable {
    var number: Int64
    var stage: Int

    init(number: Int64, stage: Int) {
        self.number = number
        self.stage = stage
    }

    init?(_ line: String) {
        let parts = line.split(separator: " ").compactMap { Int64($0) }
        guard parts.count == 2 else { return nil }
        self.init(number: parts[0], stage: Int(parts[1]))
    }

    static func < (left: Progress, right: Progress) -> Bool {
        (left.number, left.stage) < (right.number, right.stage)
    }
}
