// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EventLoops

/// What E-Onay remembers: certificates seen, reminders shown, decisions and their signatures, in one SQLite file.
///
/// Every call that writes is durable when it returns: written as a whole, and synced (WAL with synchronous=FULL). One that
/// throws has changed nothing. Calls run on the store's own thread, since a sync may take as long as the disk likes.
/// Close the store before that thread is stopped.
public actor Store {
    /// What `open()` found.
    public enum Opening: Sendable, Equatable {
        case existing
        case created
        /// The file was damaged and lies under this name now; a new, empty one took its place.
        case replaced(movedTo: String)
    }

    private nonisolated let thread: BlockingThread
    private let folder: StateFolder
    private var connection: SQLiteConnection?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameter folder: `$XDG_STATE_HOME/eonay`; it need not exist.
    public init(folder: String, thread: BlockingThread) {
        self.folder = StateFolder(path: folder)
        self.thread = thread
    }

    /// Opens the database, makes it where it is missing, and brings its tables to the newest form. Folder 0700, file 0600.
    /// - Throws: `.foreign` or `.newer` for a file that is not for us, which stays as it is; else what the disk says.
    public func open() throws(StoreError) -> Opening {
        close()
        try folder.prepare()
        let isNew = !folder.hasDatabase
        do throws(StoreError) {
            connection = try connect()
            return isNew ? .created : .existing
        } catch {
            guard error.code == .corrupt else { throw error }
            let movedTo = try folder.moveDatabaseAside()
            connection = try connect()
            return .replaced(movedTo: movedTo)
        }
    }

    /// Closes the database; without it the next start has to read the journal, and nothing else.
    public func close() {
        connection = nil
    }

    /// Gives back the memory that reading and writing needed and keeping does not.
    public func tidy() throws(StoreError) {
        try connection?.script("PRAGMA shrink_memory")
    }

    /// 32 random bytes, made once, that keep identity keys of this computer from being looked up elsewhere.
    public func identitySalt() throws(StoreError) -> [UInt8] {
        try transaction { connection throws(StoreError) in
            let known = try connection.rows("SELECT value FROM setting WHERE name = 'identity-salt'") { $0.bytes() }
            if let salt = known.first { return salt }
            var generator = SystemRandomNumberGenerator()  // getrandom(2)
            let salt = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try connection.run("INSERT INTO setting (name, value) VALUES ('identity-salt', ?)", .blob(salt))
            return salt
        }
    }

    func transaction<Value>(
        _ body: (SQLiteConnection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let connection = try opened()
        return try connection.transaction { () throws(StoreError) in try body(connection) }
    }

    func opened() throws(StoreError) -> SQLiteConnection {
        guard let connection else { throw StoreError(.notOpen, call: "open", detail: "the store is not open") }
        return connection
    }

    private func connect() throws(StoreError) -> SQLiteConnection {
        let isNew = !folder.hasDatabase
        try folder.prepareDatabase()
        let connection = try SQLiteConnection(path: folder.database)
        try Schema.recognise(connection)
        // WAL: a commit is one append and one sync. FULL: that sync is not left out. The cache is small because the data is.
        try connection.script(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
            PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 1048576; PRAGMA cache_size = -256
            """)
        try Schema.migrate(connection)
        try Schema.verify(connection)
        if isNew { try folder.sync() }
        return connection
    }
}
