// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Store

/// A process for the store's tests to kill, or to run where the disk is full: `store-writer open|write|fill|recall FOLDER`.
///
/// `write` goes through whole approvals without end and prints "NUMBER STAGE" after each call that the store has
/// acknowledged. `fill` does the same until the store refuses. `recall` reads what the service reads at its start, and prints how many
/// KiB are resident then.
@main
struct StoreWriter {
    static func main() async throws {
        let store = Store(folder: CommandLine.arguments[2], thread: try BlockingThread(name: "store"))
        do {
            if CommandLine.arguments[1] == "recall" { return try await recall(store) }
            say("\(try await store.open())")
            if CommandLine.arguments[1] == "open" { return }
            while true { try await approve(store) }
        } catch let error as StoreError {
            say("error \(error.code.rawValue)")
        }
    }

    static func recall(_ store: Store) async throws {
        _ = try await store.open()
        let (certificates, history) = (try await store.certificates(), try await store.history(limit: 0))
        let (decisions, tokens) = (try await store.newestDecisions(), try await store.handleTokens(limit: 4096))
        let ended = try await store.endedApprovals(since: 0, limit: 64)
        while try await store.prune(at: 0, keepingRenewalsRefusedAs: "") {}
        try await store.tidy()
        Heap.trim()
        var line = [CChar](repeating: 0, count: 256)
        let file: UnsafeMutablePointer<FILE> = fopen("/proc/self/statm", "r")
        fgets(&line, Int32(line.count), file)
        let text = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        say("\(pages * 4)")
        withExtendedLifetime((certificates, history, decisions, tokens, ended)) {}
    }

    static func approve(_ store: Store) async throws {
        let number = try await store.nextApprovalNumber()
        var approval = StoredApproval(
            number: number, kind: .approve, handleToken: "t\(number)", fingerprint: [1], certificate: "certificate",
            identityKey: [2], portal: "https://portal.example.org", startedAt: number, decision: "accept",
            state: "checking")
        try await store.insert(approval)
        say("\(number) 1")
        for (stage, step) in [(2, "login"), (4, "consent")] {
            let signature = StoredSignature(
                step: step, code: "\(number)", cms: Array(repeating: UInt8(truncatingIfNeeded: number), count: 3000),
                signedAt: number)
            try await store.submit(signature, of: number)
            say("\(number) \(stage)")
            approval.step = stage
            try await store.update(approval)
            say("\(number) \(stage + 1)")
        }
        try await store.finish(number, .init(at: number, result: "recorded", reference: "r\(number)"))
        say("\(number) 6")
    }

    /// One write(2) for each line: what was written reaches the reader though this process be killed.
    static func say(_ line: String) {
        var line = line + "\n"
        line.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
    }
}
