// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Finds programs: those of the system in its folders, our own beside the running one.
public enum Programs {
    /// The path of an installed program. Looks where PATH says, and where daemons are, which a user's PATH leaves out.
    public static func find(_ name: String, package: String) throws -> String {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        guard let folder = folders.first(where: { access("\($0)/\(name)", X_OK) == 0 }) else {
            throw MissingProgram(name, package: package)
        }
        return "\(folder)/\(name)"
    }

    /// The path of a program or library of this package, in the folder where the running test or program was built.
    public static func built(_ name: String) throws -> String {
        let path = "\(buildFolder)/\(name)"
        guard access(path, R_OK) == 0 else { throw NotBuilt(path: path) }
        return path
    }

    /// A product of this package is not beside the running program.
    public struct NotBuilt: Error, CustomStringConvertible {
        public let path: String
        public var description: String { "\(path) is not built: swift build --build-tests" }
    }

    private static let buildFolder: String = {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(length, 0)), as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }()
}

/// A program or file that a test needs is not installed.
public struct MissingProgram: Error, Equatable, CustomStringConvertible {
    public let name: String
    /// Debian's name of the package that has it.
    public let package: String

    public init(_ name: String, package: String) {
        self.name = name
        self.package = package
    }

    public var description: String { "\(name) is missing: apt-get install \(package)" }
}
