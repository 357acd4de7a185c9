// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A program that jobs are started from.
public struct JobProgram: Sendable, Equatable {
    /// Absolute path of the executable.
    public let path: String
    /// The variables of ours that it gets.
    public var environment: JobEnvironment
    /// Whether what it starts may go on after it; else all of it is killed with it, daemons too.
    public var mayLeaveProcesses: Bool

    /// The base name, for messages.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// A program at this path, which is not checked.
    public init(path: String, environment: JobEnvironment = .plain, mayLeaveProcesses: Bool = false) {
        self.path = path
        self.environment = environment
        self.mayLeaveProcesses = mayLeaveProcesses
    }

    /// Where certificates are read and texts are signed. Throws `JobError` `.notFound`.
    public static func token() throws(JobError) -> JobProgram {
        try installed("eonay-token", environment: .vendorCode)
    }

    /// Where portals are spoken to. Throws `JobError` `.notFound`.
    public static func courier() throws(JobError) -> JobProgram {
        try installed("eonay-courier", environment: .network)
    }

    /// Where notifications are shown. Throws `JobError` `.notFound`.
    public static func notify() throws(JobError) -> JobProgram {
        try installed("eonay-notify", environment: .sessionBus)
    }

    /// Finds a program of our own: beside the running one, as in a build folder and in libexec, else in
    /// `../libexec/eonay` seen from it, as from `bin`, or the other way round. Throws `JobError` `.notFound` naming these places.
    public static func installed(
        _ name: String, environment: JobEnvironment = .plain
    ) throws(JobError) -> JobProgram {
        let folder = try ownFolder(for: name)
        let places = ["\(folder)/\(name)", "\(folder)/../libexec/eonay/\(name)", "\(folder)/../../bin/\(name)"]
        for place in places where access(place, X_OK) == 0 { return JobProgram(path: place, environment: environment) }
        throw JobError(.notFound, name, detail: "looked for " + places.joined(separator: ", "))
    }

    private static func ownFolder(for name: String) throws(JobError) -> String {
        let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer -> String? in
            let length = readlink("/proc/self/exe", buffer.baseAddress!, buffer.count)
            guard length > 0, length < buffer.count else { return nil }
            return String(decoding: buffer[..<length].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        guard let path, let slash = path.lastIndex(of: "/") else {
            throw JobError(.notFound, name, detail: "/proc/self/exe cannot be read")
        }
        return String(path[..<slash])
    }
}
