// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Debian's Python, and packages from PyPI for it.
public enum Python {
    /// Debian's own, which sees Debian's modules; the first one in PATH may be another.
    public static let debian = "/usr/bin/python3"

    /// The path of a Python that has these packages (`name==version`). It stands in the build folder and is made at its first use.
    public static func with(_ packages: String...) async throws -> String {
        guard FileManager.default.isExecutableFile(atPath: debian) else {
            throw MissingProgram("python3", package: "python3-venv")
        }
        // env(1), which starts every program of a test, takes a name with "=" for a variable.
        let name = packages.joined(separator: "-").replacing("==", with: "-")
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: ".build/python/\(name)")
        let python = folder.appending(path: "bin/python3").path
        let marker = folder.appending(path: "complete")
        guard !FileManager.default.fileExists(atPath: marker.path) else { return python }
        try await run(debian, ["-m", "venv", "--clear", folder.path]).check()
        try await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages).check()
        try Data().write(to: marker)
        return python
    }
}
