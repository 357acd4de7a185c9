// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench

/// A SQLite file of one of our programs, looked into, or locked, by a stranger.
struct Database {
    private let python: String
    private let path: String

    init(_ path: String) throws {
        python = try Programs.find("python3", package: "python3")
        self.path = path
    }

    /// The rows of a query, their values with "|" between them. It sees what was committed, and nothing else.
    func rows(_ query: String) async throws -> [String] {
        let script = """
            import sqlite3, sys
            for row in sqlite3.connect(sys.argv[1], timeout=20).execute(sys.argv[2]):
                print(*row, sep="|")
            """
        let answer = try await TestBench.run(python, ["-c", script, path, query]).check()
        return answer.text.split(separator: "\n").map(String.init)
    }

    /// Changes what stands there, as an earlier version might have written it.
    func change(_ statement: String) async throws {
        let script = """
            import sqlite3, sys
            with sqlite3.connect(sys.argv[1], timeout=20) as connection: connection.execute(sys.argv[2])
            """
        try await TestBench.run(python, ["-c", script, path, statement]).check()
    }

    /// Has nobody write until the returned program's input is closed, or it is gone.
    func lock() async throws -> ChildProcess {
        let script = """
            import sqlite3, sys
            connection = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            print("locked", flush=True)
            sys.stdin.read()
            """
        let process = try await ChildProcess.start(python, ["-c", script, path])
        try await process.lines.next { $0.text == "locked" }
        return process
    }
}
