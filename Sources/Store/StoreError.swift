// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSQLite
internal import Glibc

/// Why something could not be remembered or recalled. Holds no value that was to be stored.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The obstacle, named by its remedy.
    public enum Code: String, Sendable {
        /// The disk or the user's quota is full: make room.
        case full
        /// The file system cannot be written.
        case readOnly = "read-only"
        /// Folder or file belong to someone else or may not be opened.
        case denied
        /// Another program has held the database locked for five seconds.
        case busy
        /// The file is damaged. `Store.open()` moves such a file aside by itself.
        case corrupt
        /// The file is a database of another program: move it away or set another state folder.
        case foreign
        /// The file was written by a newer version of E-Onay: install that one again, or move the file away.
        case newer
        /// The disk failed to read or write.
        case inputOutput = "io"
        /// Another process keeps its record in this folder: `StoreError.holder`.
        case inUse = "in-use"
        /// The file system knows no locks, so no other process could be kept from writing into the record at the same time.
        case noLocks = "no-locks"
        /// The folder or a file in it was removed or replaced while it was open. `Store` has made it anew by itself.
        case moved
        /// The user has no home folder, so there is no place for the record.
        case noPlace = "no-place"
        /// `Store.open()` has not succeeded.
        case notOpen = "not-open"
        case unexpected
    }

    public let code: Code
    /// The C function that failed, or the rule that was broken.
    public let call: String
    /// The library's own message.
    public let detail: String
    /// The process that keeps the record, where `code` is `.inUse` and it is known.
    public let holder: Int32?
    /// SQLite's primary result code; 0 where another library failed.
    let result: Int32

    init(_ code: Code, call: String, detail: String, holder: Int32? = nil, result: Int32 = 0) {
        self.code = code
        self.result = result
        self.call = call
        self.detail = detail
        self.holder = holder
    }

    public static func == (left: StoreError, right: StoreError) -> Bool {
        left.code == right.code
    }

    public var description: String { "\(code.rawValue): \(call): \(detail)" }
}

extension StoreError {
    /// The choke point of SQLite: throws what `result` and the connection's own words say, read in the same breath.
    static func check(_ result: Int32, _ call: String, on connection: OpaquePointer?) throws(StoreError) {
        guard result != SQLITE_OK, result != SQLITE_ROW, result != SQLITE_DONE else { return }
        let words = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(result))
        let code = code(sqlite: result, systemError: connection.map { sqlite3_system_errno($0) } ?? 0)
        throw StoreError(code, call: call, detail: "\(words) (\(result))", result: result & 0xFF)
    }

    /// Whether a statement of ours, which no healthy database refuses, was refused: the tables are not what the file claims.
    var isAbsurd: Bool {
        code == .unexpected
            && [SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_FORMAT]
                .contains(result)
    }

    /// The choke point of the C library: throws what `errno` says where `result` is negative.
    @discardableResult
    static func check(_ result: Int32, _ call: String) throws(StoreError) -> Int32 {
        if result >= 0 { return result }
        let number = errno
        throw StoreError(code(errno: number) ?? .inputOutput, call: call, detail: "errno \(number)")
    }

    private static func code(sqlite result: Int32, systemError: Int32) -> Code {
        switch result & 0xFF {  // an extended code carries its primary code in the low byte
        case SQLITE_FULL: .full
        case SQLITE_READONLY: .readOnly
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_CANTOPEN, SQLITE_PERM: code(errno: systemError) ?? .denied
        case SQLITE_IOERR: code(errno: systemError) ?? .inputOutput
        default: .unexpected
        }
    }

    private static func code(errno number: Int32) -> Code? {
        switch number {
        case ENOSPC, EDQUOT: .full
        case EROFS: .readOnly
        case EACCES, EPERM, ELOOP, EISDIR, ENOTDIR: .denied
        case ENOLCK, EOPNOTSUPP, ENOSYS: .noLocks
        case EFBIG: .full
        default: nil
        }
    }
}
