// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EventLoops
internal import Glibc
internal import SystemBasics

/// E-Onay's memory: certificates seen, reminders shown, decisions and their signatures, in one SQLite file.
///
/// Every call that writes is durable when it returns: written as a whole, and synced (WAL with synchronous=FULL), into the file that
/// the path leads to at that moment. One that throws has changed nothing that is believed. One process at a time keeps the record:
/// the folder's lock is held from `open()` to `close()`. Calls run on the store's own thread, since a sync may take as long as the
/// disk likes. Close the store before that thread is stopped.
public actor Store {
    /// The result of `open()`.
    public enum Opening: Sendable, Equatable {
        case existing
        case created
        /// The file was damaged and lies under this name now; a new one took its place, with all that could be read.
        case replaced(movedTo: String)
    }

    /// A repair of the files that happened by itself.
    public enum News: Sendable, Equatable {
        /// As `Opening.replaced`, with the number of rows that were read, and whether any could not be.
        case replaced(movedTo: String, rows: Int, isWhole: Bool)
        /// The folder or a file in it was gone or replaced; they were made anew with all that was in them.
        case remade
    }

    /// How often a write is tried whose file turns out not to be at its path any more.
    enum Tries {
        /// It is repeated in the file that was made anew.
        case again
        /// It fails by `.moved`, for what depends on it was promised on another file.
        case once
    }

    private nonisolated let thread: BlockingThread
    private nonisolated let patience = BusyTimeout(milliseconds: 5000)
    private let folder: StateFolder
    private var lock: FolderLock?
    private var connection: SQLiteConnection?
    private var files: RecordFiles?
    private var reportNews: (@Sendable (News) -> Void)?
    /// Repairs from before anybody listened.
    private var unreported: [News] = []
    /// The result of `openEarly()`, until `open()` is called.
    private var early: Opening?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameter folder: `$XDG_STATE_HOME/eonay`; it need not exist. Empty where there is no place for it.
    public init(folder: String, thread: BlockingThread) {
        self.folder = StateFolder(path: folder)
        self.thread = thread
    }

    /// Has `handler` called, on the store's thread, when the files had to be mended.
    public func onNews(_ handler: @escaping @Sendable (News) -> Void) {
        reportNews = handler
        for news in unreported { handler(news) }
        unreported = []
    }

    private func report(_ news: News) {
        if let reportNews { reportNews(news) } else { unreported.append(news) }
    }

    /// Limits all waits for other programs' locks together from now on, because the process is to end. On any thread.
    public nonisolated func hurry(within limit: Duration) {
        patience.hurry(within: limit)
    }

    // MARK: - Opening and closing

    /// Opens the database, makes it where it is missing, and brings its tables to the newest form. Folder 0700, file 0600.
    ///
    /// - Parameter isPatient: whether the lock of another process is waited for, a moment: it may just be ending.
    /// - Throws: `.inUse` where another process keeps its record there; `.foreign` or `.newer` for a file that is not for us, which
    ///   stays as it is; else what the disk says.
    public func open(isPatient: Bool = true) throws(StoreError) -> Opening {
        if let early {
            self.early = nil
            return early
        }
        close()
        try folder.prepare()
        lock = try FolderLock(path: folder.lock, BusyTimeout(milliseconds: isPatient ? 500 : 0))
        do throws(StoreError) {
            return try openDatabase()
        } catch {
            close()
            throw error
        }
    }

    /// Opens it while the process is still getting ready, on the store's own thread. `open()` then gives what this found, and tries again
    /// what this could not do. From any thread.
    public nonisolated func openEarly() {
        thread.post {
            self.assumeIsolated { store in
                do throws(StoreError) { store.early = try store.open(isPatient: false) } catch { store.close() }
            }
        }
    }

    /// Does several things in one turn on the store's thread: each turn costs two threads' wake-ups.
    public func inOneTurn<Value>(_ body: @Sendable (isolated Store) throws -> Value) rethrows -> Value {
        try body(self)
    }

    /// Opens the database to be read alone, as it is, where `open()` was refused.
    ///
    /// - Parameter besideOthers: another process writes into it. Where none does, it can be read without any lock; the newest
    ///   entries may be missing then, if their journal cannot be read.
    public func openForReading(besideOthers: Bool) throws(StoreError) {
        close()
        guard folder.hasDatabase else { throw StoreError(.noPlace, call: "stat", detail: "there is no record yet") }
        do throws(StoreError) {
            connection = try connectForReading(.reading)
        } catch {
            guard !besideOthers else { throw error }
            connection = try connectForReading(.readingAlone)
        }
    }

    /// Whether what is written is kept: the record was opened to be written.
    public var isWritable: Bool { files != nil }

    /// Closes the database; without it the next start has to read the journal, and nothing else.
    public func close() {
        (connection, files, lock, early) = (nil, nil, nil, nil)
    }

    /// Gives back the memory that reading and writing needed and keeping does not.
    public func tidy() throws(StoreError) {
        try connection?.script("PRAGMA shrink_memory")
    }

    private func openDatabase() throws(StoreError) -> Opening {
        try folder.finishReplacement(by: folder.rescue)
        if folder.hasJournalAlone { return try replaceDamaged() }
        let isNew = !folder.hasDatabase
        do throws(StoreError) {
            try connect()
            return isNew ? .created : .existing
        } catch {
            guard error.code == .corrupt else { throw error }
            return try replaceDamaged()
        }
    }

    private func connect() throws(StoreError) {
        let isNew = !folder.hasDatabase
        do throws(StoreError) {
            try folder.prepareDatabase()
            // Looked at before SQLite opens the file, whose locks another descriptor's close would drop.
            let isSuspect = folder.hasImpossibleHeader
            let connection = try SQLiteConnection(path: folder.database, .writing, patience)
            try Schema.recognise(connection)
            // WAL: a commit is one append and one sync. FULL: that sync is not left out. The cache is small because the data is.
            try connection.script(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 1048576;
                PRAGMA cache_size = -256; PRAGMA secure_delete = ON
                """)
            try Schema.migrate(connection)
            try Schema.verify(connection)
            // A journal may hold a better header. If not, SQLite takes the file for one that may only be read.
            if isSuspect { try connection.run("DELETE FROM setting WHERE name = ''") }
            if isNew { try folder.sync() }
            files = try RecordFiles(of: folder, connection)
            self.connection = connection
        } catch {
            throw folder.diagnosis(of: error)
        }
    }

    private func connectForReading(_ access: SQLiteConnection.Access) throws(StoreError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: folder.database, access, patience)
        try connection.script("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -256")
        do throws(StoreError) {
            try Schema.recognise(connection)
        } catch {
            // Additions of a later version do not hinder a reader of the older columns.
            guard error.code == .newer, try Schema.hasTables(connection, ofVersion: Schema.steps.count) else {
                throw error
            }
        }
        guard try Schema.hasTables(connection) else {
            throw StoreError(.corrupt, call: "sqlite_schema", detail: "tables or columns are missing")
        }
        return connection
    }

    // MARK: - Mending

    /// Puts a new database in the place of a damaged one, with all that can be read of that.
    @discardableResult
    private func replaceDamaged() throws(StoreError) -> Opening {
        (connection, files) = (nil, nil)
        let aside = folder.nameAside()
        let rescue = try Rescue.rebuild(folder, patience)
        try folder.replaceDatabase(by: folder.rescue, movingTo: aside)
        try connect()
        report(.replaced(movedTo: aside, rows: rescue.rows, isWhole: !rescue.hasGaps))
        return .replaced(movedTo: aside)
    }

    /// Makes anew the files that were removed while they were open. The open files still have all that was in them.
    private func remake() throws(StoreError) {
        guard let old = connection, let oldFiles = files, let oldLock = lock else { return }
        try folder.prepare()
        if !oldLock.isInPlace { lock = try FolderLock(path: folder.lock, BusyTimeout(milliseconds: 0)) }
        if oldFiles.isDatabaseInPlace {
            // The journal alone is gone: what it holds goes into the database, which is closed and opened with a new one.
            try old.script("PRAGMA wal_checkpoint(TRUNCATE)")
            (connection, files) = (nil, nil)
            try connect()
        } else {
            // A journal that was left behind is not for the database that lies there now.
            oldFiles.removeJournal()
            (connection, files) = (nil, nil)
            do throws(StoreError) {
                _ = try openDatabase()
                if let connection {
                    var rescue = Rescue(into: connection, patience)
                    try rescue.copy(from: old)
                }
            } catch {
                // It is tried again at the next write.
                (connection, files) = (old, oldFiles)
                throw error
            }
        }
        report(.remade)
    }

    /// Removes the damaged databases that were put aside: what they hold cannot be deleted row by row.
    func removeDamaged() {
        for name in Files.names(in: folder.path) where name.hasPrefix("eonay.db.broken-") {
            unlink("\(folder.path)/\(name)")
        }
    }

    // MARK: - Reading and writing

    func reading<Value>(
        _ body: (SQLiteConnection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        do throws(StoreError) {
            return try body(opened())
        } catch {
            let error = folder.diagnosis(of: error)
            guard error.code == .corrupt, isWritable else { throw error }
            try replaceDamaged()
            return try body(opened())
        }
    }

    func writing<Value>(
        _ tries: Tries = .again, _ body: (SQLiteConnection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let connection = try opened()
        guard let files else { throw StoreError(.readOnly, call: "open", detail: "the record can only be read") }
        guard files.areInPlace(for: lock) else {
            try remake()
            if tries == .once { throw StoreError(.moved, call: "stat", detail: "the record's file was taken away") }
            return try body(opened())
        }
        do throws(StoreError) {
            let value = try body(connection)
            // The rows that were written while the file was taken away have been copied into the new one.
            guard files.areInPlace(for: lock) else {
                try remake()
                if tries == .once { throw StoreError(.moved, call: "stat", detail: "the record's file was taken away") }
                return value
            }
            return value
        } catch {
            guard error.code == .corrupt || (error.code == .readOnly && folder.hasImpossibleHeader) else { throw error }
            try replaceDamaged()
            return try body(opened())
        }
    }

    func transaction<Value>(
        _ tries: Tries = .again, _ body: (SQLiteConnection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try writing(tries) { (connection) throws(StoreError) in
            try connection.transaction { () throws(StoreError) in try body(connection) }
        }
    }

    /// All rows of one query.
    func rows<Value>(
        _ sql: StaticString, _ values: SQLiteValue..., read: (inout SQLiteRow) -> Value
    ) throws(StoreError) -> [Value] {
        try reading { (connection) throws(StoreError) in try connection.rows(sql, values, read: read) }
    }

    /// Runs one statement and gives back how many rows it changed.
    @discardableResult
    func run(_ sql: StaticString, _ values: SQLiteValue...) throws(StoreError) -> Int {
        try writing { (connection) throws(StoreError) in try connection.run(sql.description, values) }
    }

    func opened() throws(StoreError) -> SQLiteConnection {
        guard let connection else { throw StoreError(.notOpen, call: "open", detail: "the store is not open") }
        return connection
    }
}
