// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// A key of the configuration with the value that holds, for a person who asks where that comes from.
public struct ConfigurationEntry: Sendable, Equatable {
    /// As a file writes it, such as `Portal "Kamu SM"`.
    public let group: String
    public let name: String
    public let value: ConfigurationProblem.Instead
    /// The value where no file has the key.
    public let usual: ConfigurationProblem.Instead
    /// The file that has the value, and the line, counted from 1; nil: it is the usual one.
    public let place: Place?
    /// The key's meaning: its sentence in the manual.
    public let sentence: String

    public struct Place: Sendable, Equatable {
        public let file: String
        public let line: Int
    }
}

extension DesktopConfiguration {
    /// The meaning of each key of `[Renewal]`, which the table cannot have: the keys are parts of issuers' names.
    public static let renewalSentence =
        "The https address at which certificates are renewed whose issuer has this in its name."

    /// Every key of the manual, of each portal and of each renewal page, in the manual's order, and the mistakes in the files.
    ///
    /// - Parameter files: the strongest first, as for `read`.
    public static func entries(
        _ files: [(name: String, contents: [UInt8])]
    ) -> (entries: [ConfigurationEntry], issues: [ConfigurationIssue]) {
        var reader = ConfigurationReader(files)
        let configuration = reader.configuration()
        return (reader.entries(of: configuration), reader.allIssues)
    }

    /// The contents of the configuration's files, and an issue for each that exists and cannot be read.
    public static func files(
        at paths: [String]
    ) -> (files: [(name: String, contents: [UInt8])], unread: [ConfigurationIssue]) {
        var files: [(name: String, contents: [UInt8])] = []
        var unread: [ConfigurationIssue] = []
        for path in paths {
            do throws(SystemError) {
                files.append((path, try Files.read(path, atMost: 1 << 20)))
            } catch {
                guard error.code != ENOENT, error.code != ENOTDIR else { continue }
                let problem: ConfigurationProblem = error.code == EFBIG ? .tooLarge : .unreadable(error.code)
                unread.append(ConfigurationIssue(file: path, line: 0, problem: problem))
            }
        }
        return (files, unread)
    }
}
