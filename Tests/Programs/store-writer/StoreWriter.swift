// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Store

/// A process for the store's tests to kill, or to run where the disk is full: `store-writer open|write|fill FOLDER`.
///
/// `write` goes through whole approvals without end and prints "NUMBER STAGE" after each call that the store has
/// acknowledged. `fill` does the same until the store refuses.
@main
struct StoreWriter {
    static func main() async throws {
        let store = Store(folder: CommandLine.arguments[2], thread: try BlockingThread(name: "store"))
        do {
            say("\(try await store.open())")
            if CommandLine.arguments[1] == "open" { return }
            while true { try await approve(store) }
        } catch let error as StoreError {
            say("error \(error.code.rawValue)")
        }
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
