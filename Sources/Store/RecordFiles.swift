// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

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
