// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// The folder that holds the database: made where it is missing, ours alone, and known to be on the disk.
struct StateFolder {
    let path: String
    var database: String { path + "/eonay.db" }
    var lock: String { path + "/eonay.lock" }
    /// Where a new database is put together that shall take a damaged one's place.
    var rescue: String { database + ".rescue" }

    /// Whether there is a database file that is not empty: one that was being made when the machine stopped is.
    var hasDatabase: Bool {
        var status = stat()
        return stat(database, &status) == 0 && status.st_size > 0
    }

    /// Makes the folder and those above it, each 0700, and removes the rights of others.
    func prepare() throws(StoreError) {
        guard !path.isEmpty else { throw StoreError(.noPlace, call: "getpwuid", detail: "no home folder") }
        try make(path)
        let folder = try StoreError.check(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open")
        defer { close(folder) }
        try restrict(folder, to: 0o700)
    }

    /// Makes an empty database file where there is none, 0600 from its first moment; SQLite gives its companion files
    /// the same mode.
    func prepareDatabase() throws(StoreError) {
        // A FIFO or a device would be waited for.
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let file = try StoreError.check(open(database, flags, 0o600), "open")
        defer { close(file) }
        try Self.requireOwnFile(file)
        try restrict(file, to: 0o600)
        for suffix in ["-wal", "-shm"] { try requireOwnFile(orNone: database + suffix) }
    }

    /// Writes the folder's entries to the disk: a file that is synced is of no use while its name is not.
    func sync() throws(StoreError) {
        try sync(path)
    }

    /// Whether a journal lies there whose database is gone. SQLite would delete it with all that is in it.
    var hasJournalAlone: Bool {
        var status = stat()
        return !hasDatabase && lstat(database + "-wal", &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && status.st_size > 32
    }

    /// A name that is free, for a damaged database: "eonay.db.broken-1".
    func nameAside() -> String {
        var number = 1
        func isTaken(_ suffix: String) -> Bool { access("\(database).broken-\(number)\(suffix)", F_OK) == 0 }
        while isTaken("") || isTaken("-wal") { number += 1 }
        return "\(database).broken-\(number)"
    }

    /// Puts a new database, complete and synced, in the place of a damaged one, which is kept under another name with its journal.
    ///
    /// The journal goes first. Left behind, it would be played into the new database.
    func replaceDatabase(by new: String, movingTo aside: String) throws(StoreError) {
        for suffix in ["-wal", "-journal", ""] where access(database + suffix, F_OK) == 0 {
            try StoreError.check(rename(database + suffix, aside + suffix), "rename")
        }
        unlink(database + "-shm")
        try StoreError.check(rename(new, database), "rename")
        try sync()
    }

    /// Ends what a crash has interrupted: a new database that no old one stands in the way of is complete, any other is not.
    func finishReplacement(by new: String) throws(StoreError) {
        if !hasDatabase, !hasJournalAlone, access(new, F_OK) == 0 {
            try StoreError.check(rename(new, database), "rename")
            try sync()
        }
    }

    /// Turns an error that no healthy database gives into damage.
    func diagnosis(of error: StoreError) -> StoreError {
        let isDamage = error.isAbsurd || ([.readOnly, .foreign].contains(error.code) && hasImpossibleHeader)
        return isDamage ? StoreError(.corrupt, call: error.call, detail: error.detail, result: error.result) : error
    }

    /// Whether the header asks for a format that does not exist. SQLite takes such a file for one that may only be read.
    var hasImpossibleHeader: Bool {
        // Where nothing can be written, the error says the truth.
        guard access(database, W_OK) == 0 else { return false }
        guard let header = Files.beginning(of: database, atMost: 100), header.count == 100 else { return false }
        return !(1...2).contains(header[18]) || !(1...2).contains(header[19])
    }

    /// Throws `.denied` unless it is an ordinary file of this user.
    static func requireOwnFile(_ file: Int32) throws(StoreError) {
        var status = stat()
        try StoreError.check(fstat(file, &status), "fstat")
        try require(status)
    }

    private func requireOwnFile(orNone path: String) throws(StoreError) {
        var status = stat()
        if lstat(path, &status) == 0 { try Self.require(status) }
    }

    private static func require(_ status: stat) throws(StoreError) {
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.denied, call: "fstat", detail: "not an ordinary file")
        }
        try requireOwner(status)
    }

    private static func requireOwner(_ status: stat) throws(StoreError) {
        guard status.st_uid == geteuid() else {
            throw StoreError(.denied, call: "fstat", detail: "owned by user \(status.st_uid)")
        }
    }

    private func make(_ path: String) throws(StoreError) {
        if access(path, F_OK) == 0 || path.isEmpty { return }
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        try make(parent)
        if mkdir(path, 0o700) != 0 {
            if errno == EEXIST { return }
            try StoreError.check(-1, "mkdir")
        }
        try sync(parent.isEmpty ? "/" : parent)
    }

    private func sync(_ path: String) throws(StoreError) {
        let folder = try StoreError.check(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open")
        defer { close(folder) }
        try StoreError.check(fsync(folder), "fsync")
    }

    private func restrict(_ file: Int32, to mode: mode_t) throws(StoreError) {
        var status = stat()
        try StoreError.check(fstat(file, &status), "fstat")
        try Self.requireOwner(status)
        if status.st_mode & 0o7777 != mode { try StoreError.check(fchmod(file, mode), "fchmod") }
    }
}

/// The files of an open record: the database, its journal and the journal's index.
///
/// Each of them can be written though it was removed, moved or replaced meanwhile. A record that was written into such a file is on no
/// disk.
final class RecordFiles {
    private let connection: SQLiteConnection
    private let database: PinnedFile
    private let journal: [(path: String, file: PinnedFile)]

    /// To be called once the database has been read: SQLite has opened its journal by then.
    init(of folder: StateFolder, _ connection: SQLiteConnection) throws(StoreError) {
        self.connection = connection
        database = try PinnedFile(folder.database)
        var journal: [(path: String, file: PinnedFile)] = []
        // Where the file system shares no memory, SQLite keeps another kind of journal, for each transaction anew.
        for path in [folder.database + "-wal", folder.database + "-shm"] where access(path, F_OK) == 0 {
            journal.append((path, try PinnedFile(path)))
        }
        self.journal = journal
    }

    var isDatabaseInPlace: Bool { database.isInPlace && !connection.hasMoved }

    func areInPlace(for lock: FolderLock?) -> Bool {
        isDatabaseInPlace && journal.allSatisfy(\.file.isInPlace) && lock?.isInPlace == true
    }

    /// Removes the journal where it still lies beside the path of a database that was taken away.
    func removeJournal() {
        for (path, file) in journal where file.isInPlace { unlink(path) }
    }
}
