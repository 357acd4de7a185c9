// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// The range of a request to forget.
public struct ForgetOrder: Sendable, Equatable {
    public enum Range: Sendable, Equatable {
        /// These certificates, and what was approved with them.
        case certificates([String])
        /// These certificates of one person, and all that the person approved.
        case person(certificates: [String], identityKey: [UInt8])
        case all
    }

    public var range: Range
    /// Whether approvals go too that were recorded, or may have been, with their signatures: they are evidence.
    public var includesEvidence: Bool

    public init(_ range: Range, includesEvidence: Bool) {
        (self.range, self.includesEvidence) = (range, includesEvidence)
    }
}

/// The result of a request to forget.
public struct Forgotten: Sendable, Equatable {
    public var certificates: [String] = []
    /// The approvals that went, by number.
    public var approvals: [Int64] = []
    /// How many approvals of the range stay.
    public var kept = 0
    /// False: another program reads the record, so its journal keeps what was in it for a while.
    public var isErased = true

    public init() {}
}

extension Store {
    /// Forgets certificates with all that was said about them, and the approvals of the range that have ended. Nothing of it is left in the
    /// record's files when this returns: SQLite overwrites what it deletes, and the file is written anew, without what earlier versions
    /// have left in it.
    public func forget(_ order: ForgetOrder) throws(StoreError) -> Forgotten {
        var forgotten = try transaction { (connection) throws(StoreError) in try Self.forget(order, connection) }
        if order == ForgetOrder(.all, includesEvidence: true) { removeDamaged() }
        forgotten.isErased = try erase()
        return forgotten
    }

    private static func forget(
        _ order: ForgetOrder, _ connection: SQLiteConnection
    ) throws(StoreError) -> Forgotten {
        var forgotten = Forgotten()
        var approvals: [Int64: Bool] = [:]
        switch order.range {
        case .all:
            forgotten.certificates = try connection.rows("SELECT id FROM certificate ORDER BY id") { $0.text() }
            try connection.run("DELETE FROM pin")
            approvals = try Self.approvals(of: "", [], isAll: true, connection)
        case .certificates(let ids):
            forgotten.certificates = ids
            for id in ids { approvals.merge(try Self.approvals(of: id, [], connection)) { $1 } }
        case .person(let ids, let key):
            forgotten.certificates = ids
            for id in ids { approvals.merge(try Self.approvals(of: id, key, connection)) { $1 } }
        }
        for id in forgotten.certificates {
            try connection.run("DELETE FROM certificate WHERE id = ?", .text(id))
            try connection.run("DELETE FROM pin WHERE certificate = ?", .text(id))
        }
        for (number, isEvidence) in approvals where order.includesEvidence || !isEvidence {
            try connection.run("DELETE FROM signature WHERE approval = ?", .integer(number))
            try connection.run("DELETE FROM approval WHERE number = ?", .integer(number))
            forgotten.approvals.append(number)
        }
        forgotten.kept = approvals.count - forgotten.approvals.count
        return forgotten
    }

    /// Those that have ended, and whether each is evidence.
    private static func approvals(
        of certificate: String, _ key: [UInt8], isAll: Bool = false, _ connection: SQLiteConnection
    ) throws(StoreError) -> [Int64: Bool] {
        let rows = try connection.rows(
            """
            SELECT number, result IN ('recorded', 'unknown') FROM approval
            WHERE end_order IS NOT NULL AND (?1 OR certificate = ?2 OR (identity_key = ?3 AND ?3 <> x''))
            """, .flag(isAll), .text(certificate), .blob(key)
        ) { ($0.integer(), $0.flag()) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Forgets the certificates that were not seen for so long after their end, but for those of `present` cards.
    ///
    /// A clock that is years ahead for a while must not cost anybody a good certificate's reminders. So they go a month after this first
    /// found some, and only where no more than a year lies between two looks.
    public func forgetEnded(
        at now: Int64, afterYears years: Int, except present: Set<String>
    ) throws(StoreError) -> [String] {
        guard years > 0 else { return [] }
        let limit = now - Int64(years) * Self.year
        let ended = try rows(
            "SELECT id FROM certificate WHERE not_after < ?1 AND last_seen < ?1", .integer(limit)
        ) { $0.text() }.filter { !present.contains($0) }
        let looks = try rows("SELECT name, value FROM setting WHERE name IN ('ended-first', 'ended-last')") { row in
            (row.text(), row.bytes().reduce(Int64(0)) { $0 << 8 | Int64($1) })
        }
        let times = Dictionary(looks) { first, _ in first }
        guard !ended.isEmpty else {
            if !looks.isEmpty { try run("DELETE FROM setting WHERE name IN ('ended-first', 'ended-last')") }
            return []
        }
        let (first, last) = (times["ended-first"] ?? .max, times["ended-last"] ?? .max)
        guard first <= last, last <= now, now - last <= Self.year, now - first >= 30 * 86_400 else {
            let isInOrder = first <= last && last <= now && now - last <= Self.year
            try set("ended-first", to: isInOrder ? first : now)
            try set("ended-last", to: now)
            return []
        }
        return try forget(ForgetOrder(.certificates(ended), includesEvidence: false)).certificates
    }

    /// 365.2425 days: the mean year of the Gregorian calendar.
    private static let year: Int64 = 31_556_952

    private func set(_ name: String, to time: Int64) throws(StoreError) {
        let octets = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> Int64($0)) }
        try run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", .text(name), .blob(octets))
    }

    /// Writes the file anew, and empties its journal. False where a reader of another process keeps the journal from that.
    private func erase() throws(StoreError) -> Bool {
        try writing { (connection) throws(StoreError) in
            // A copy that SQLite makes on the way shall not lie in a folder for temporary files.
            try connection.script("PRAGMA temp_store = MEMORY; VACUUM")
            let isBusy = try connection.rows("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer() }.first
            try connection.script("PRAGMA shrink_memory")
            return isBusy == 0
        }
    }
}

/// An approval with its signatures, for a person who wants to have what is stored.
public struct ApprovalRecord: Sendable, Equatable {
    public var approval: StoredApproval
    public var signatures: [StoredSignature]
}

extension Store {
    /// The approvals after that number, in their order, so many at most.
    public func approvals(after number: Int64, limit: Int) throws(StoreError) -> [ApprovalRecord] {
        var records: [ApprovalRecord] = []
        for approval in try approvals(after: number, limit) {
            records.append(ApprovalRecord(approval: approval, signatures: try signatures(of: approval.number)))
        }
        return records
    }
}
