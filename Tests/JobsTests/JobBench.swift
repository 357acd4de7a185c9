// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import Jobs
import Testing

/// A loop on its own thread and a runner on it; `body` gets them, and nothing is left afterwards.
func withRunner(limit: Int = 16, _ body: (JobRunner) async throws -> Void) async throws {
    let loop = try EventLoop(name: "jobs")
    try loop.start()
    let runner = JobRunner(on: loop, limit: limit)
    let result: Result<Void, any Error>
    do { result = .success(try await body(runner)) } catch { result = .failure(error) }
    await runner.stop()
    #expect(await runner.count == 0)
    loop.stop()
    try result.get()
}

extension JobRunner {
    /// Runs a line of shell as a job; the conversation is its descriptor 3.
    func shell(
        _ script: String, descriptors: [Int32: Int32] = [:], environment: [String: String] = [:],
        deadline: Duration? = .seconds(30)
    ) async throws(JobError) -> Job {
        try await start(
            JobProgram(path: "/bin/sh"), arguments: ["-c", script], descriptors: descriptors,
            environment: environment, deadline: deadline)
    }
}

/// A job's frames, as text.
func text(_ payload: [UInt8]?) -> String? { payload.map { String(decoding: $0, as: UTF8.self) } }

/// A line of shell that sends the output of a command as one frame (of less than 256 bytes).
func framing(_ command: String) -> String {
    "text=$(\(command)); "
        + "printf \"\\\\000\\\\000\\\\$(printf %03o $((${#text} / 256)))\\\\$(printf %03o $((${#text} % 256)))%s\" \"$text\" >&3"
}
