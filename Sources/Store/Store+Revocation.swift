// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Store {
    /// The last words of responders, by certificate.
    public func revocations() throws(StoreError) -> [String: StoredRevocation] {
        // A record that can only be read may be of the time before this table.
        let tables = try rows("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text() }
        guard tables.contains("revocation") else { return [:] }
        let rows = try rows(
            "SELECT certificate, state, since, reason, this_update, asked_at, was_good FROM revocation"
        ) { row in
            (
                row.text(),
                StoredRevocation(
                    state: row.text(), since: row.integer(), reason: row.text(), thisUpdate: row.integer(),
                    askedAt: row.integer(), wasGood: row.flag())
            )
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// Remembers what a responder has said of a certificate. Of one that is not known, nothing is remembered.
    public func remember(_ revocation: StoredRevocation, of certificate: String) throws(StoreError) {
        try run(
            """
            INSERT INTO revocation (certificate, state, since, reason, this_update, asked_at, was_good)
            SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM certificate WHERE id = ?1
            ON CONFLICT DO UPDATE SET state = ?2, since = ?3, reason = ?4, this_update = ?5, asked_at = ?6,
                was_good = ?7
            """, .text(certificate), .text(revocation.state), .integer(revocation.since), .text(revocation.reason),
            .integer(revocation.thisUpdate), .integer(revocation.askedAt), .flag(revocation.wasGood))
    }
}

/// The word of a certificate's responder, as it was last heard. Times are UTC seconds since 1970, 0 where there is none.
public struct StoredRevocation: Sendable, Equatable {
    /// "good", "suspended", "revoked" or "unknown".
    public var state: String
    /// The beginning of a suspension or revocation.
    public var since: Int64
    /// The standard's term for the reason of that, or "".
    public var reason: String
    /// When the responder knew it to be right.
    public var thisUpdate: Int64
    /// When it was asked.
    public var askedAt: Int64
    /// Whether it has ever said that the certificate is good.
    public var wasGood: Bool

    public init(
        state: String, since: Int64 = 0, reason: String = "", thisUpdate: Int64 = 0, askedAt: Int64, wasGood: Bool
    ) {
        self.state = state
        self.since = since
        self.reason = reason
        self.thisUpdate = thisUpdate
        self.askedAt = askedAt
        self.wasGood = wasGood
    }
}
