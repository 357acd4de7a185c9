// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import Testing

@testable import Store

/// A folder that goes with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "eonay-store-" + UUID().uuidString
        mkdir(path, 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var database: String { path + "/state/eonay.db" }
    var state: String { path + "/state" }
}

/// Hands `body` an open store in `folder`, and closes it and its thread afterwards.
func withStore(
    in folder: TemporaryFolder, expecting opening: Store.Opening? = nil, _ body: (Store) async throws -> Void
) async throws {
    let thread = try BlockingThread(name: "store")
    let store = Store(folder: folder.state, thread: thread)
    do {
        let found = try await store.open()
        if let opening { #expect(found == opening) }
        try await body(store)
        await store.close()
        thread.stop()
    } catch {
        await store.close()
        thread.stop()
        throw error
    }
}

/// What a program printed until its end, however that came.
func output(of program: String, _ arguments: String...) throws -> [String] {
    guard access(program, X_OK) == 0 else { throw MissingProgram(path: program) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
}

struct MissingProgram: Error {
    var path: String
    var package = "coreutils (timeout), util-linux (unshare)"
}

/// The test program lies beside the tests' own.
let storeWriter = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("store-writer").path

extension KnownCertificate {
    static func example(_ number: Int = 1, lastSeen: Int64 = 2000) -> KnownCertificate {
        KnownCertificate(
            id: "c\(number)", holder: "İbrahim Şığ", maskedIdentity: "100********", identityKey: [1, 2, 3],
            issuer: "Test Kök", serialNumber: "0a", notBefore: 1000, notAfter: 9000, keyType: "rsa-2048",
            qualified: true, hindrances: ["NotQualified", "CertificateExpired"], firstSeen: 1500, lastSeen: lastSeen)
    }
}

extension StoredApproval {
    static func example(_ number: Int64 = 1, token: String? = nil, identityKey: [UInt8] = [1, 2, 3]) -> StoredApproval {
        StoredApproval(
            number: number, kind: .approve, handleToken: token, fingerprint: [7, 0, 7], certificate: "c1",
            identityKey: identityKey, portal: "https://portal.example.org", startedAt: 5000, decision: "accept",
            state: "checking")
    }
}
