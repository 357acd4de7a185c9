// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench

@testable import Store

/// The files of a database, to be damaged.
struct Sample {
    enum Kind: Sendable {
        case checkpointed, inJournal
    }

    var database = Data()
    var journal = Data()

    init() {}

    init(readFrom folder: String) throws {
        database = try Data(contentsOf: URL(fileURLWithPath: folder + "/eonay.db"))
        journal = FileManager.default.contents(atPath: folder + "/eonay.db-wal") ?? Data()
    }

    /// In a folder of their own, whatever lay there before.
    func write(to folder: String) throws {
        try? FileManager.default.removeItem(atPath: folder)
        mkdir(folder, 0o700)
        try database.write(to: URL(fileURLWithPath: folder + "/eonay.db"))
        if !journal.isEmpty { try journal.write(to: URL(fileURLWithPath: folder + "/eonay.db-wal")) }
    }

    /// Where pages begin whose first octet is as wanted: 2 and 5 inner ones, 10 and 13 leaves, of indexes and tables.
    func pages(where isWanted: (UInt8) -> Bool) -> [Int] {
        stride(from: 4096, to: database.count, by: 4096).filter { isWanted(database[$0]) }
    }
}

/// A damage that a seed tells.
struct Damage: CustomStringConvertible {
    private var random: UInt64
    private let seed: UInt64
    private var what = ""
    /// It hit the number of the tables' version.
    private(set) var isOfVersion = false

    init(seed: UInt64) {
        (self.seed, random) = (seed, seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    }

    var description: String { "damage \(seed) (\(what))" }

    private mutating func next(below limit: Int) -> Int {
        // SplitMix64
        random &+= 0x9E37_79B9_7F4A_7C15
        var value = random
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(max(limit, 1)))
    }

    mutating func applied(to sample: Sample) -> Sample {
        var damaged = sample
        let inJournal = !sample.journal.isEmpty && next(below: 2) == 0
        let size = inJournal ? sample.journal.count : sample.database.count
        let (start, length) = place(in: sample, inJournal, size)
        let end = min(start + length, size)
        isOfVersion = !inJournal && start < 64 && end > 60
        let octets = Data(filling(end - start))
        if inJournal {
            damaged.journal.replaceSubrange(start..<end, with: octets)
        } else {
            damaged.database.replaceSubrange(start..<end, with: octets)
        }
        what += inJournal ? "journal \(start)…\(end)" : "database \(start)…\(end)"
        return damaged
    }

    private mutating func place(in sample: Sample, _ inJournal: Bool, _ size: Int) -> (Int, Int) {
        let kinds: [UInt8] = [2, 5, 10, 13]
        let way = next(below: 8)
        switch way {
        case 0: return (next(below: inJournal ? 32 : 100), 1 + next(below: 4))
        case 1: return (next(below: min(4096, size)), 1 + next(below: 64))
        case 2...4 where !inJournal:
            let kind = kinds[next(below: kinds.count)]
            let pages = sample.pages(where: { $0 == kind })
            guard !pages.isEmpty else { return (next(below: size), 1) }
            let page = pages[next(below: pages.count)]
            return next(below: 2) == 0 ? (page + next(below: 4096), 1 + next(below: 16)) : (page, 8 + next(below: 4088))
        case 5: return (next(below: size / 4096 + 1) * 4096, 4096)
        case 6: return (next(below: size), 1 + next(below: 20_000))
        default: return (next(below: size), 1)
        }
    }

    private mutating func filling(_ count: Int) -> [UInt8] {
        switch next(below: 3) {
        case 0:
            what = "zeros, "
            return Array(repeating: 0, count: count)
        case 1:
            what = "ones, "
            return Array(repeating: 0xFF, count: count)
        default:
            what = "noise, "
            return (0..<count).map { _ in UInt8(next(below: 256)) }
        }
    }
}

/// The rows that SQLite can read of a damaged database, asked key by key, as no walk does it.
struct Oracle {
    struct Query {
        let whole: StaticString
        let one: StaticString
        let keys: [SQLiteValue]

        static var all: [Query] {
            let numbers = (1...240).map { SQLiteValue.integer($0) }
            return [
                Query(
                    whole: "SELECT 'c', * FROM certificate", one: "SELECT 'c', * FROM certificate WHERE id = ?",
                    keys: (0..<60).map { .text("c\($0)") }),
                Query(
                    whole: "SELECT 'a', * FROM approval", one: "SELECT 'a', * FROM approval WHERE number = ?",
                    keys: numbers),
                Query(
                    whole: "SELECT 's', approval, step, code, hex(cms), signed_at FROM signature",
                    one: "SELECT 's', approval, step, code, hex(cms), signed_at FROM signature WHERE rowid = ?",
                    keys: numbers),
                Query(
                    whole: "SELECT 'p', * FROM pin", one: "SELECT 'p', * FROM pin WHERE certificate = ?", keys: ["c3"]),
            ]
        }
    }

    let folder: TemporaryFolder
    /// The rows of the undamaged sample.
    let original: Set<String>

    init(of sample: Sample, in folder: TemporaryFolder) throws {
        self.folder = folder
        try sample.write(to: folder.file("oracle"))
        let connection = try SQLiteConnection(path: folder.file("oracle/eonay.db"))
        original = Set(try Query.all.flatMap { try connection.rows($0.whole) { Self.text(&$0) } })
    }

    /// The rows that come out as they went in; what the damage has made of others is nobody's loss.
    func rows(of damaged: Sample) throws -> Set<String> {
        try damaged.write(to: folder.file("oracle"))
        guard let connection = try? SQLiteConnection(path: folder.file("oracle/eonay.db")) else { return [] }
        var found: Set<String> = []
        for query in Query.all {
            for key in query.keys {
                let rows = (try? connection.rows(query.one, [key]) { Self.text(&$0) }) ?? []
                found.formUnion(rows.filter(original.contains))
            }
        }
        return found
    }

    static func text(_ row: inout SQLiteRow) -> String {
        row.values().map { "\($0)" }.joined(separator: "|")
    }
}
