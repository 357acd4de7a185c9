// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A field of an entry in the journal; the name is of A to Z, digits and "_" (systemd.journal-fields(7)).
public struct JournalField: Sendable, Equatable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }

    /// The fields in the journal's form: "NAME=value", or for a value with a line break in it the name, a count, and the value.
    public static func encoded(_ fields: [JournalField]) -> [UInt8] {
        var entry: [UInt8] = []
        for field in fields {
            let value = Array(field.value.utf8)
            entry += Array(field.name.utf8)
            if value.contains(0x0A) {
                entry.append(0x0A)
                entry += (0..<8).map { UInt8(truncatingIfNeeded: value.count >> ($0 * 8)) }
            } else {
                entry.append(UInt8(ascii: "="))
            }
            entry += value + [0x0A]
        }
        return entry
    }
}

/// The journal's own way in, by which an entry has fields (systemd.io, "Native Journal Protocol").
public final class JournalSocket: Sendable {
    private let socket: Int32

    /// Connects to the journal. Throws `SystemError` where none listens.
    public init(path: String = "/run/systemd/journal/socket") throws(SystemError) {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        socket = try SystemError.check(Glibc.socket(AF_UNIX, kind, 0), "socket")
        do throws(SystemError) { try UnixSocket.connect(socket, to: path) } catch {
            close(socket)
            throw error
        }
    }

    deinit { close(socket) }

    /// The journal, where standard error leads there: systemd names the device and file of the stream that it has given a unit
    /// (systemd.exec(5), JOURNAL_STREAM). A standard error that leads elsewhere since then has another one.
    public static func ofStandardError() -> JournalSocket? {
        isStandardError(getenv("JOURNAL_STREAM").map { String(cString: $0) }) ? try? JournalSocket() : nil
    }

    /// Whether that value of JOURNAL_STREAM names a descriptor's file.
    public static func isStandardError(_ stream: String?, descriptor: Int32 = 2) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// Sends an entry without waiting; false where the journal cannot take it now.
    public func send(_ fields: [JournalField]) -> Bool {
        let entry = JournalField.encoded(fields)
        let sent = entry.withUnsafeBytes {
            Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        if sent >= 0 { return true }
        guard errno == EMSGSIZE || errno == ENOBUFS else { return false }
        // An entry too large for a message travels as memory that nobody can change any more.
        let memory = entry.withUnsafeBytes { clinux_sealed_memory($0.baseAddress, $0.count) }
        guard memory >= 0 else { return false }
        defer { close(memory) }
        return clinux_send_descriptor(socket, memory) == 0
    }
}
