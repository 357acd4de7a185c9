// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// Copies what can still be read of a database into a new one, row by row.
///
/// SQLite's own recovery extension is not in the library that distributions ship. So each table is read in its order until a page
/// stands in the way, then from behind that page, and from the end backwards. A header or a schema that SQLite cannot read is
/// replaced, in a copy of the file, by that of a new database: the tables begin at the same pages in every file of ours.
struct Rescue {
    /// How many rows were copied, of all tables together.
    private(set) var rows = 0
    /// Something could not be read.
    private(set) var hasGaps = false
    private let target: SQLiteConnection
    private let patience: BusyTimeout

    /// For one source, however damaged it is.
    private static let limit = Duration.seconds(20)
    private static let pageSize = 4096

    init(into target: SQLiteConnection, _ patience: BusyTimeout) {
        (self.target, self.patience) = (target, patience)
    }

    /// Makes a new database at `folder.rescue` of what can be read of the one in its place; closed and synced when this returns.
    static func rebuild(_ folder: StateFolder, _ patience: BusyTimeout) throws(StoreError) -> Rescue {
        let path = folder.rescue
        for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
        close(try StoreError.check(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600), "open"))
        let target = try SQLiteConnection(path: path, .writing, patience)
        // No WAL: what is written lies in the one file that will be renamed.
        try target.script("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA cache_size = -256")
        try Schema.migrate(target)
        var rescue = Rescue(into: target, patience)
        try target.transaction { () throws(StoreError) in
            try rescue.copyAll(of: folder)
            try rescue.mend()
        }
        return rescue
    }

    /// Copies every row of a database that is whole.
    mutating func copy(from source: SQLiteConnection) throws(StoreError) {
        try target.transaction { () throws(StoreError) in
            for table in RescuedTable.all(in: source) { try copy(table, from: source) }
            try mend()
        }
    }

    private mutating func copyAll(of folder: StateFolder) throws(StoreError) {
        if folder.hasDatabase { try copyFile(folder.database, .reading) } else { hasGaps = true }
        guard hasGaps else { return }
        let copy = folder.rescue + ".copy"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(copy + suffix) } }
        guard Self.graft(folder, headedBy: folder.rescue, to: copy) else { return }
        try copyFile(copy, .writing)
    }

    private mutating func copyFile(_ path: String, _ access: SQLiteConnection.Access) throws(StoreError) {
        let source: SQLiteConnection
        do throws(StoreError) {
            source = try SQLiteConnection(path: path, access, patience)
            // A fault in one table's description does not hide the others; a page is read as far as it makes sense.
            try source.script("PRAGMA writable_schema = ON; PRAGMA cell_size_check = OFF; PRAGMA cache_size = -256")
        } catch {
            hasGaps = true
            return
        }
        source.interrupt(after: Self.limit)
        // An older form, or a name that was damaged: under our own head all columns may be there.
        if !RescuedTable.hasAllColumns(source) { hasGaps = true }
        for table in RescuedTable.all(in: source) { try copy(table, from: source) }
    }

    /// Copies database and journal, with the first page of another database, which says where each table begins.
    private static func graft(_ folder: StateFolder, headedBy head: String, to copy: String) -> Bool {
        guard var first = Files.beginning(of: head, atMost: pageSize), first.count == pageSize else { return false }
        // Without this number, SQLite goes by the size of the file instead of that in the header (the file format, 1.3.9).
        first.replaceSubrange(92..<96, with: [0, 0, 0, 0])
        let whole = copyOctets(of: folder.database, to: copy)
        let journal = copyOctets(of: folder.database + "-wal", to: copy + "-wal")
        return (whole || journal) && overwrite(copy, with: first)
    }

    /// Copies a file, to be read by its owner alone; false unless it exists, can be copied and is not empty.
    private static func copyOctets(of path: String, to copy: String) -> Bool {
        do throws(SystemError) {
            let source = try Files.open(path, O_RDONLY | O_NONBLOCK)
            let target = try Files.open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            var total = 0
            while true {
                let chunk = try Files.read(source.number, upTo: 1 << 16)
                if chunk.isEmpty { return total > 0 }
                try Files.write(chunk, to: target.number)
                total += chunk.count
            }
        } catch {
            return false
        }
    }

    /// Writes over the first octets of a file, which is made where it is missing.
    private static func overwrite(_ path: String, with octets: [UInt8]) -> Bool {
        do throws(SystemError) {
            let file = try Files.open(path, O_WRONLY | O_CREAT | O_NOFOLLOW)
            try Files.write(octets, to: file.number)
            return true
        } catch {
            return false
        }
    }

    // MARK: - Tables

    private mutating func copy(_ table: RescuedTable, from source: SQLiteConnection) throws(StoreError) {
        switch table.key {
        case .name: try copyByName(table, source)
        case .number: try copyByNumber(table, source)
        }
    }

    /// The whole table; what a damaged page hides of it is looked for beginning by beginning, from both ends.
    private mutating func copyByName(_ table: RescuedTable, _ source: SQLiteConnection) throws(StoreError) {
        // Without bounds: a damaged name can be no text, and greater than every bound.
        if try copyRows(table.whole, [], table, source) == nil { return }
        let end = SQLiteValue.blob([])  // greater than every text
        // Certificates are named by hex digits.
        let digits = (UInt8.min...UInt8.max).map { Hexadecimal.text([$0]) }
        let bounds = [SQLiteValue.text("")] + digits.map(SQLiteValue.text) + [end]
        for (low, high) in zip(bounds, bounds.dropFirst()) {
            if try copyRows(table.forwards, low, high, table, source) != nil {
                _ = try copyRows(table.backwards, low, high, table, source)
            }
        }
    }

    private mutating func copyByNumber(_ table: RescuedTable, _ source: SQLiteConnection) throws(StoreError) {
        try walkByNumber(table, source)
        guard hasGaps else { return }
        // A damaged row with a number that is too high looks like the end of a walk, and hides what comes after it.
        let highest = try target.rows("SELECT coalesce(max(number), 0) FROM approval") { $0.integer() }.first ?? 0
        for number in 0...min(max(highest, 0), 5_000) * 2 {
            _ = try copyRows(table.forwards, .integer(number), .integer(number), table, source)
        }
    }

    private mutating func walkByNumber(_ table: RescuedTable, _ source: SQLiteConnection) throws(StoreError) {
        let (least, most) = (Int64.min, Int64.max)
        guard var last = try copyRows(table.forwards, .integer(least), .integer(most), table, source) else { return }
        let first = try copyRows(table.backwards, .integer(least), .integer(most), table, source)
        let end = first.flatMap { $0 == least ? nil : $0 } ?? 1 << 40
        // Between the two: from behind each page that cannot be read.
        for _ in 0..<10_000 {
            guard last < end, let next = beginning(after: max(last, 0), before: end, table, source) else { return }
            guard let stop = try copyRows(table.forwards, .integer(next), .integer(end), table, source) else { return }
            last = max(stop, next)
        }
    }

    /// The least number after `bad` from which the table can be read again.
    private func beginning(after bad: Int64, before end: Int64, _ table: RescuedTable, _ source: SQLiteConnection)
        -> Int64?
    {
        func isReadable(_ number: Int64) -> Bool {
            (try? source.forEachRow(table.forwards, [.integer(number), .integer(number)]) { _ in }) != nil
        }
        var (low, step) = (bad, Int64(1))
        while low + step < end {
            let probe = low + step
            if isReadable(probe) {
                var (unreadable, readable) = (low, probe)
                while readable - unreadable > 1 {
                    let middle = unreadable + (readable - unreadable) / 2
                    if isReadable(middle) { readable = middle } else { unreadable = middle }
                }
                return readable
            }
            (low, step) = (probe, step * 2)
        }
        return nil
    }

    /// Copies what a query gives.
    /// - Returns: nil where it came to its end, else the number of the last row that could be read, or of none.
    private mutating func copyRows(
        _ query: String, _ low: SQLiteValue, _ high: SQLiteValue, _ table: RescuedTable, _ source: SQLiteConnection
    ) throws(StoreError) -> Int64? {
        try copyRows(query, [low, high], table, source)
    }

    private mutating func copyRows(
        _ query: String, _ bounds: [SQLiteValue], _ table: RescuedTable, _ source: SQLiteConnection
    ) throws(StoreError) -> Int64? {
        var last = Int64.min
        var failure: StoreError?
        let target = target
        var copied = 0
        do throws(StoreError) {
            try source.forEachRow(query, bounds) { row in
                guard failure == nil else { return }
                let values = row.values()
                if case .integer(let number)? = values.first { last = number }
                do throws(StoreError) {
                    if try Self.insert(values, table, target) { copied += 1 }
                } catch {
                    failure = error
                }
            }
        } catch {
            hasGaps = true
            rows += copied
            if let failure { throw failure }
            return last
        }
        rows += copied
        if let failure { throw failure }
        return nil
    }

    /// Writes one row, unless it is there or breaks a rule of the table. Throws what the disk says.
    private static func insert(
        _ values: [SQLiteValue], _ table: RescuedTable, _ target: SQLiteConnection
    ) throws(StoreError) -> Bool {
        do throws(StoreError) {
            if try target.run(table.insert, values) == 1 { return true }
            guard let retry = table.insertWithoutNames else { return false }
            return try target.run(retry, values) == 1
        } catch {
            // The value of a damaged row that has another type than its column.
            guard error.isAbsurd else { throw error }
            return false
        }
    }

    // MARK: - Rules that hold between tables

    private func mend() throws(StoreError) {
        for table: StaticString in [
            "DELETE FROM reminder WHERE certificate NOT IN (SELECT id FROM certificate)",
            "DELETE FROM revocation WHERE certificate NOT IN (SELECT id FROM certificate)",
        ] {
            try target.script(table)
        }
        // A signature is evidence, also where it is no longer known what it was given for.
        try target.script(
            """
            INSERT INTO approval (number, kind, fingerprint, certificate, identity_key, portal, started_at, decision, state,
                step, steps, deadline, submitted, end_order, ended_at, result)
            SELECT approval, 'approve', x'', '', x'', '', min(signed_at), '', 'failed', 0, 0, 0, 1,
                (SELECT coalesce(max(end_order), 0) FROM approval) + row_number() OVER (ORDER BY approval),
                max(signed_at), 'unknown'
            FROM signature WHERE approval NOT IN (SELECT number FROM approval) GROUP BY approval
            """)
        // Numbers of approvals that are lost may have been given out.
        if hasGaps { try ApprovalNumbers.skip(on: target) }
    }
}

/// The rows of one table, and the statements that read and write them.
private struct RescuedTable {
    enum Key {
        case number, name
    }

    let key: Key
    /// All rows in the order of the key.
    let whole: String
    /// The rows from one key to another, the first column being the key.
    let forwards, backwards: String
    let insert: String
    /// Writes the row without what another row has taken meanwhile; nil where there is no such thing.
    let insertWithoutNames: String?

    /// - Parameters:
    ///   - columns: the key first.
    ///   - order: so many of them make the order.
    ///   - replacing: expressions in place of what another row may have.
    ///   - update: the end of the statement that writes a row, for one that is there.
    private init(
        _ name: String, by key: Key, _ columns: [String], order: Int = 1, replacing: [String: String] = [:],
        orUpdating update: String = ""
    ) {
        let list = columns.joined(separator: ", ")
        let isBefore = key == .name ? "<" : "<="
        let rows = "SELECT \(list) FROM \(name) WHERE \(columns[0]) >= ? AND \(columns[0]) \(isBefore) ? ORDER BY "
        func write(_ values: [String]) -> String {
            "INSERT OR IGNORE INTO \(name) (\(list)) VALUES (\(values.joined(separator: ", ")))\(update)"
        }
        self.key = key
        whole = "SELECT \(list) FROM \(name) ORDER BY \(columns.prefix(order).joined(separator: ", "))"
        forwards = rows + columns.prefix(order).joined(separator: ", ")
        backwards = rows + columns.prefix(order).map { $0 + " DESC" }.joined(separator: ", ")
        insert = write(columns.map { _ in "?" })
        insertWithoutNames =
            replacing.isEmpty ? nil : write(columns.enumerated().map { replacing[$1] ?? "?\($0 + 1)" })
    }

    /// Whether the source has the columns that the first form did not have.
    static func hasAllColumns(_ source: SQLiteConnection) -> Bool { hasDetail(source) && hasKind(source) }

    private static func hasDetail(_ source: SQLiteConnection) -> Bool {
        let query: StaticString = "SELECT count(*) FROM pragma_table_info('approval') WHERE name = 'error_detail'"
        return (try? source.rows(query) { $0.flag() })?.first == true
    }

    private static func hasKind(_ source: SQLiteConnection) -> Bool {
        let query: StaticString =
            "SELECT count(*) = 2 FROM pragma_table_info('certificate') WHERE name IN ('kind', 'issuer_key')"
        return (try? source.rows(query) { $0.flag() })?.first == true
    }

    /// Those first that others refer to; what an earlier version did not have only where the source has it.
    static func all(in source: SQLiteConnection) -> [RescuedTable] {
        let (hasDetail, hasKind) = (hasDetail(source), hasKind(source))
        let table: StaticString = "SELECT count(*) FROM sqlite_schema WHERE name = 'revocation'"
        let hasRevocations = (try? source.rows(table) { $0.flag() })?.first == true
        let revocations = RescuedTable(
            "revocation", by: .name,
            ["certificate", "state", "since", "reason", "this_update", "asked_at", "was_good"])
        return [
            RescuedTable("setting", by: .name, ["name", "value"]),
            RescuedTable(
                "certificate", by: .name,
                [
                    "id", "holder", "masked_identity", "identity_key", "issuer", "serial_number", "not_before",
                    "not_after", "key_type", "qualified", "hindrances", "first_seen", "last_seen", "snoozed_until",
                ] + (hasKind ? ["kind", "issuer_key"] : []),
                // The row is there without them.
                orUpdating: hasKind
                    ? " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, issuer_key = excluded.issuer_key"
                        + " WHERE kind = 'other' AND issuer_key = ''" : ""),
            RescuedTable("reminder", by: .name, ["certificate", "rung", "shown_at"], order: 2),
            RescuedTable("pin", by: .name, ["certificate", "state", "seen_at"]),
            RescuedTable(
                "approval", by: .number,
                [
                    "number", "kind", "handle_token", "fingerprint", "certificate", "identity_key", "portal",
                    "started_at", "decision", "state", "step", "steps", "deadline", "submitted", "end_order",
                    "ended_at",
                    "result", "error", "message", "reference", "confirmation_number", "code",
                ] + (hasDetail ? ["error_detail"] : []),
                // A damaged page can hold another row's handle-token or place in the order of ends.
                replacing: [
                    "handle_token": "NULL",
                    "end_order": "iif(?15 IS NULL, NULL, (SELECT coalesce(max(end_order), 0) + 1 FROM approval))",
                ]),
            // The row's number only keeps the order.
            RescuedTable(
                "signature", by: .number, ["rowid", "approval", "step", "code", "cms", "signed_at"],
                replacing: ["rowid": "NULL"]),
        ] + (hasRevocations ? [revocations] : [])
    }
}
