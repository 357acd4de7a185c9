// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Store {
    /// How many certificates are remembered; of more, those not seen for the longest time are forgotten.
    public static let maximumCertificates = 1000

    /// Every certificate ever seen, with what has been said about it.
    public func certificates() throws(StoreError) -> [KnownCertificate] {
        let connection = try opened()
        let reminders = try connection.rows("SELECT certificate, rung, shown_at FROM reminder") { row in
            (certificate: row.text(), threshold: Int(row.integer()), shownAt: row.integer())
        }
        let shown = Dictionary(grouping: reminders, by: \.certificate)
        // The columns stand in the order of the table, to which later versions only append; one that is not there is empty.
        return try connection.rows("SELECT * FROM certificate ORDER BY not_after, id") { row in
            let id = row.text()
            var certificate = KnownCertificate(
                id: id, holder: row.text(), maskedIdentity: row.text(), identityKey: row.bytes(), issuer: row.text(),
                serialNumber: row.text(), notBefore: row.integer(), notAfter: row.integer(), keyType: row.text(),
                qualified: row.flag(), hindrances: row.list(), firstSeen: row.integer(), lastSeen: row.integer(),
                snoozedUntil: row.integer(),
                remindersShown: Dictionary(
                    (shown[id] ?? []).map { ($0.threshold, Int64(clamping: $0.shownAt.magnitude)) }
                ) {
                    $1
                },
                remindersUnseen: Set((shown[id] ?? []).filter { $0.shownAt <= 0 }.map(\.threshold)))
            let kind = row.text()
            if !kind.isEmpty { certificate.kind = kind }
            certificate.issuerKey = row.text()
            return certificate
        }
    }

    /// Remembers what a card bears. Of a certificate that is known already, the facts and `lastSeen` are written anew;
    /// first sight, snooze and reminders stay as they are.
    /// - Returns: the ids of certificates that were forgotten for it.
    @discardableResult
    public func remember(_ certificates: [KnownCertificate]) throws(StoreError) -> [String] {
        try transaction { connection throws(StoreError) in
            for certificate in certificates { try Self.remember(certificate, connection) }
            return try connection.rows(
                """
                DELETE FROM certificate WHERE id IN
                    (SELECT id FROM certificate ORDER BY last_seen DESC, id LIMIT -1 OFFSET ?)
                RETURNING id
                """, .integer(Int64(Self.maximumCertificates))
            ) { $0.text() }
        }
    }

    private static func remember(_ certificate: KnownCertificate, _ connection: SQLiteConnection) throws(StoreError) {
        let known = try connection.rows(
            "SELECT identity_key FROM certificate WHERE id = ?", .text(certificate.id)
        ) { $0.bytes() }.first
        if let known { try rename(known, to: certificate.identityKey, connection) }
        try connection.run(
            """
            INSERT INTO certificate (id, holder, masked_identity, identity_key, issuer, serial_number, not_before,
                not_after, key_type, qualified, hindrances, first_seen, last_seen, kind, issuer_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            ON CONFLICT (id) DO UPDATE SET holder = ?2, masked_identity = ?3, identity_key = ?4, issuer = ?5,
                serial_number = ?6, not_before = ?7, not_after = ?8, key_type = ?9, qualified = ?10, hindrances = ?11,
                last_seen = ?13, kind = ?14, issuer_key = ?15
            """, .text(certificate.id), .text(certificate.holder), .text(certificate.maskedIdentity),
            .blob(certificate.identityKey), .text(certificate.issuer), .text(certificate.serialNumber),
            .integer(certificate.notBefore), .integer(certificate.notAfter), .text(certificate.keyType),
            .flag(certificate.qualified), .list(certificate.hindrances), .integer(certificate.firstSeen),
            .integer(certificate.lastSeen), .text(certificate.kind), .text(certificate.issuerKey))
    }

    /// A certificate names one person for ever. Where its key is another one now, the salt that keys are made with was lost, and what was
    /// decided by that person is found by the new key.
    private static func rename(
        _ old: [UInt8], to new: [UInt8], _ connection: SQLiteConnection
    ) throws(StoreError) {
        guard old != new, !old.isEmpty, !new.isEmpty else { return }
        for table: StaticString in [
            "UPDATE approval SET identity_key = ?2 WHERE identity_key = ?1",
            "UPDATE certificate SET identity_key = ?2 WHERE identity_key = ?1",
        ] {
            try connection.run(table, .blob(old), .blob(new))
        }
    }

    /// Records that these thresholds of the reminder ladder were shown, and ends the snooze.
    ///
    /// The time of the first showing stays, unless it lies in the future: then the clock was wrong.
    ///
    /// - Parameters:
    ///   - at: when they were shown; 0 where that is not known.
    ///   - seen: false: only a signal was emitted, since no notification could be shown. Stored as a time below 0.
    public func remindersShown(certificate: String, thresholds: [Int], at: Int64, seen: Bool = true) throws(StoreError)
    {
        try transaction { connection throws(StoreError) in
            for threshold in thresholds {
                try connection.run(
                    """
                    INSERT INTO reminder (certificate, rung, shown_at) SELECT id, ?2, ?3 FROM certificate WHERE id = ?1
                    ON CONFLICT DO UPDATE SET shown_at = ?3 WHERE shown_at <= 0 OR (shown_at > ?4 AND ?4 > 0)
                    """, .text(certificate), .integer(Int64(threshold)), .integer(seen ? at : -at), .integer(at))
            }
            try connection.run("UPDATE certificate SET snoozed_until = 0 WHERE id = ?", .text(certificate))
        }
    }

    /// Records that the notification for a threshold could not be shown after all.
    public func reminderNotShown(certificate: String, threshold: Int) throws(StoreError) {
        try run(
            "UPDATE reminder SET shown_at = -abs(shown_at) WHERE certificate = ? AND rung = ?", .text(certificate),
            .integer(Int64(threshold)))
    }

    /// No reminder before `until`; 0 ends a snooze.
    /// - Returns: whether the certificate is known.
    @discardableResult
    public func snooze(certificate: String, until: Int64) throws(StoreError) -> Bool {
        try run(
            "UPDATE certificate SET snoozed_until = ?2 WHERE id = ?1", .text(certificate), .integer(until)) == 1
    }
}

extension Store {
    /// 32 random bytes, made once, that keep identity keys of this computer from being looked up elsewhere.
    ///
    /// Where the record can only be read and holds none, they are good for this run.
    public func identitySalt() throws(StoreError) -> [UInt8] {
        let query: StaticString = "SELECT value FROM setting WHERE name = 'identity-salt'"
        if let salt = try rows(query, read: { $0.bytes() }).first, !salt.isEmpty { return salt }
        var generator = SystemRandomNumberGenerator()  // getrandom(2)
        let salt = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        if isWritable {
            try run("INSERT OR REPLACE INTO setting (name, value) VALUES ('identity-salt', ?)", .blob(salt))
        }
        return salt
    }
}

extension Store {
    /// The PIN states after a wrong entry, by certificate: "count-low", "final-try" or "locked". A certificate whose
    /// last PIN was right is not in it.
    public func pinStates() throws(StoreError) -> [String: String] {
        // A record that can only be read may be of the time before this table.
        let tables = try rows("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text() }
        guard tables.contains("pin") else { return [:] }
        let rows = try rows("SELECT certificate, state FROM pin") { row in (row.text(), row.text()) }
        return Dictionary(rows) { first, _ in first }
    }

    /// Remembers that a wrong PIN was entered for a card with these certificates, and the state of its PIN since.
    public func pinWasWrong(_ certificates: [String], state: String, at: Int64) throws(StoreError) {
        try transaction { connection throws(StoreError) in
            for certificate in certificates {
                try connection.run(
                    """
                    INSERT INTO pin (certificate, state, seen_at) VALUES (?1, ?2, ?3)
                    ON CONFLICT (certificate) DO UPDATE SET state = ?2, seen_at = ?3
                    """, .text(certificate), .text(state), .integer(at))
            }
            // Of more cards than anybody has, those whose PIN was last tried the longest time ago are forgotten.
            try connection.run(
                """
                DELETE FROM pin WHERE certificate IN
                    (SELECT certificate FROM pin ORDER BY seen_at DESC, certificate LIMIT -1 OFFSET ?)
                """, .integer(Int64(Self.maximumCertificates)))
        }
    }

    /// Remembers that the right PIN was entered for a card with these certificates.
    public func pinWasRight(_ certificates: [String]) throws(StoreError) {
        try transaction { connection throws(StoreError) in
            for certificate in certificates {
                try connection.run("DELETE FROM pin WHERE certificate = ?", .text(certificate))
            }
        }
    }
}

/// A certificate that was once seen on a card, and what has been said about it since. Times are UTC seconds since 1970.
public struct KnownCertificate: Sendable, Equatable {
    /// Lower-case hex SHA-256 of its DER.
    public var id: String
    public var holder: String
    public var maskedIdentity: String
    /// The same for all certificates of one person, on this computer alone; empty where the certificate names nobody.
    public var identityKey: [UInt8]
    public var issuer: String
    /// The identifier of the issuer's key in hexadecimal; empty where it is not known.
    public var issuerKey: String
    public var serialNumber: String
    public var notBefore: Int64
    public var notAfter: Int64
    public var keyType: String
    public var qualified: Bool
    /// The kind's word on the bus; a record of a newer version may hold one that is not known yet.
    public var kind: String
    /// Error names of the bus contract that hold whatever the time.
    public var hindrances: [String]
    public var firstSeen: Int64
    public var lastSeen: Int64
    /// No reminder before that; 0: none was asked for.
    public var snoozedUntil: Int64
    /// The thresholds of the reminder ladder that were shown, in days before the end, and when: UTC seconds; 0: not known.
    public var remindersShown: [Int: Int64]
    /// Those among them that were signalled on the bus alone: nothing could be shown.
    public var remindersUnseen: Set<Int>

    public init(
        id: String, holder: String, maskedIdentity: String, identityKey: [UInt8], issuer: String,
        issuerKey: String = "", serialNumber: String, notBefore: Int64, notAfter: Int64, keyType: String,
        qualified: Bool, kind: String? = nil, hindrances: [String], firstSeen: Int64, lastSeen: Int64,
        snoozedUntil: Int64 = 0, remindersShown: [Int: Int64] = [:],
        remindersUnseen: Set<Int> = []
    ) {
        self.id = id
        self.holder = holder
        self.maskedIdentity = maskedIdentity
        self.identityKey = identityKey
        self.issuer = issuer
        self.issuerKey = issuerKey
        self.serialNumber = serialNumber
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.keyType = keyType
        self.qualified = qualified
        self.kind = kind ?? (qualified ? "nes" : "other")
        self.hindrances = hindrances
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.snoozedUntil = snoozedUntil
        self.remindersShown = remindersShown
        self.remindersUnseen = remindersUnseen
    }
}
