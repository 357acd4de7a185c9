// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import SystemBasics
import Texts

/// The file for a help desk: all lines, and the versions, without anything that names a person, a card or a computer.
struct DoctorReport {
    let diagnosis: Diagnosis
    let distribution: Distribution

    func text(_ texts: Texts) -> String {
        let session = ["XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"].compactMap { Surroundings.value($0) }
        var system = utsname()
        uname(&system)
        let kernel = withUnsafeBytes(of: system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let head = [
            "eonay doctor, E-Onay \(Release.version)", "\(distribution.name), Linux \(kernel)",
            session.isEmpty ? "-" : session.joined(separator: ", "), texts.date(Console.now), "",
        ]
        let lines = diagnosis.lines(texts, distribution, width: 80, inColour: false, isPublic: true)
        return head.map { ShowableText.line($0) + "\n" }.joined()
            + lines.map { diagnosis.secrets.masked($0) + "\n" }.joined()
    }

    /// Writes it for this user alone. Throws `Failure`; a file that is there already stays as it is, unless it may be replaced.
    func write(_ texts: Texts, to path: String, replacing: Bool) throws {
        if replacing, !Files.isFolder(path) { unlink(path) }
        do throws(SystemError) {
            let file = try Files.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            try Files.write(Array(text(texts).utf8), to: file.number)
        } catch {
            throw error.code == EEXIST
                ? Failure(Files.isFolder(path) ? .fileIsFolder : .fileExists, subject: path)
                : Failure(.fileUnwritable, subject: path, detail: error.description)
        }
    }
}
