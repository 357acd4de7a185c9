// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// Another program that holds a card for itself alone, until it is let go.
struct CardHolder {
    let process: ChildProcess
    private let folder: TemporaryFolder

    /// Returns when it has the card; throws `Finished.Failure` with PC/SC's words where it gets none.
    init(of reader: TestReader, on desktop: Desktop) async throws {
        folder = try TemporaryFolder()
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Support/programs/holds-card.c").path
        try await TestBench.run(
            Programs.find("cc", package: "gcc"),
            ["-I/usr/include/PCSC", "-o", folder.file("holds-card"), source, "-lpcsclite"]
        ).check()
        process = try await ChildProcess.start(
            folder.file("holds-card"), [reader.name], environment: desktop.environment)
        let line = try await process.lines.next { $0.stream == .output }
        try #require(line.text == "held")
    }

    /// As `HeldBy` shows it.
    var description: String { "holds-card (\(process.pid))" }

    func letGo() async {
        process.closeInput()
        _ = await process.end()
    }
}
