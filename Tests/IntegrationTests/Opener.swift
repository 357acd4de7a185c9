// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench

/// Stands in for xdg-open in a service's PATH and tells what it is asked for, each time.
struct Opener {
    let environment: [String: String]
    private let folder: TemporaryFolder
    private let reader: ChildProcess

    init() async throws {
        folder = try TemporaryFolder()
        let pipe = folder.file("pipe")
        try await run("/usr/bin/mkfifo", [pipe]).check()
        let program = try folder.write(
            "xdg-open", "#!/bin/sh\nread -r _ _ _ _ group _ </proc/self/stat\necho \"$1 $group\" >\(pipe)\n")
        try await run("/bin/chmod", ["755", program]).check()
        environment = ["PATH": "\(folder.path):/usr/bin:/bin"]
        reader = try await ChildProcess.start("/bin/sh", ["-c", #"exec cat <>"$0""#, pipe])
    }

    /// The page, and the process group of who opens it.
    func opened() async throws -> (page: String, group: Int32) {
        let words = try await reader.lines.next { $0.stream == .output }.text.split(separator: " ")
        return (String(words[0]), Int32(words[1]) ?? 0)
    }

    func groupOf(_ process: Int32) -> Int32 { getpgid(process) }
}
