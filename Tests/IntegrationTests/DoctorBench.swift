// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// What `eonay doctor --json` found on a desktop.
struct DoctorAnswer {
    let status: ChildProcess.Status
    let isApprovable: Bool
    /// Code and state of each line, such as "reader.none fault", in order.
    let lines: [String]
    let findings: [[String: Any]]

    init(_ finished: Finished) throws {
        status = finished.status
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(finished.output)) as? [String: Any], "\(finished)")
        findings = try #require(object["findings"] as? [[String: Any]])
        isApprovable = try #require(object["approvable"] as? Bool)
        lines = findings.map { "\($0["code"] ?? "") \($0["state"] ?? "")" }
        #expect(status == .exited(isApprovable ? 0 : 8))
    }

    /// The lines of a topic.
    func about(_ topic: String) -> [String] { lines.filter { $0.hasPrefix(topic + ".") } }

    func text(of code: String) -> String {
        let finding = findings.first { $0["code"] as? String == code }
        return ["sentence", "remedy", "command"].compactMap { finding?[$0] as? String }.joined(separator: " ")
    }
}

extension Desktop {
    /// - Parameters:
    ///   - script: a shell's commands before it, in a mount namespace of its own; $1 and up are the words.
    func doctor(
        _ arguments: [String] = ["--json"], environment additions: [String: String] = [:], after script: String? = nil,
        _ words: [String] = []
    ) async throws -> Finished {
        let all = environment.merging(["LC_ALL": "en_GB.UTF-8"]) { $1 }.merging(additions) { $1 }
        let eonay = try Programs.built("eonay")
        guard let script else { return try await TestBench.run(eonay, ["doctor"] + arguments, environment: all) }
        return try await TestBench.run(
            Programs.find("unshare", package: "util-linux"),
            [
                "-m", "--propagation", "private", "/bin/sh", "-ec",
                script + "\nexec \"$0\" doctor " + arguments.joined(separator: " "),
                eonay,
            ] + words, environment: all)
    }

    func diagnosis(
        environment additions: [String: String] = [:], after script: String? = nil, _ words: String...
    ) async throws -> DoctorAnswer {
        try DoctorAnswer(await doctor(environment: additions, after: script, words))
    }
}
