// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Rescue {
    /// How the rows of one table are read and written.
    struct Table {
        enum Key {
            case number, name
        }

        let key: Key
        /// The rows from one key to another, the first column being the key.
        let forwards: StaticString
        let backwards: StaticString
        let insert: StaticString
        /// Writes the row without what another row has taken meanwhile; nil where there is no such thing.
        var insertWithoutNames: StaticString?

        /// Those first that others refer to.
        static let all = [setting, certificate, reminder, pin, approval, signature]

        private static let setting = Table(
            key: .name,
            forwards: "SELECT name, value FROM setting WHERE name >= ? AND name < ? ORDER BY name",
            backwards: "SELECT name, value FROM setting WHERE name >= ? AND name < ? ORDER BY name DESC",
            insert: "INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)")

        private static let certificate = Table(
            key: .name,
            forwards: """
                SELECT id, holder, masked_identity, identity_key, issuer, serial_number, not_before, not_after, key_type,
                    qualified, hindrances, first_seen, last_seen, snoozed_until
                FROM certificate WHERE id >= ? AND id < ? ORDER BY id
                """,
            backwards: """
                SELECT id, holder, masked_identity, identity_key, issuer, serial_number, not_before, not_after, key_type,
                    qualified, hindrances, first_seen, last_seen, snoozed_until
                FROM certificate WHERE id >= ? AND id < ? ORDER BY id DESC
                """,
            insert: """
                INSERT OR IGNORE INTO certificate (id, holder, masked_identity, identity_key, issuer, serial_number,
                    not_before, not_after, key_type, qualified, hindrances, first_seen, last_seen, snoozed_until)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)

        private static let reminder = Table(
            key: .name,
            forwards: """
                SELECT certificate, rung, shown_at FROM reminder WHERE certificate >= ? AND certificate < ?
                ORDER BY certificate, rung
                """,
            backwards: """
                SELECT certificate, rung, shown_at FROM reminder WHERE certificate >= ? AND certificate < ?
                ORDER BY certificate DESC, rung DESC
                """,
            insert: "INSERT OR IGNORE INTO reminder (certificate, rung, shown_at) VALUES (?, ?, ?)")

        private static let pin = Table(
            key: .name,
            forwards: """
                SELECT certificate, state, seen_at FROM pin WHERE certificate >= ? AND certificate < ?
                ORDER BY certificate
                """,
            backwards: """
                SELECT certificate, state, seen_at FROM pin WHERE certificate >= ? AND certificate < ?
                ORDER BY certificate DESC
                """,
            insert: "INSERT OR IGNORE INTO pin (certificate, state, seen_at) VALUES (?, ?, ?)")

        private static let approval = Table(
            key: .number,
            forwards: """
                SELECT number, kind, handle_token, fingerprint, certificate, identity_key, portal, started_at, decision,
                    state, step, steps, deadline, submitted, end_order, ended_at, result, error, message, reference,
                    confirmation_number, code
                FROM approval WHERE number >= ? AND number <= ? ORDER BY number
                """,
            backwards: """
                SELECT number, kind, handle_token, fingerprint, certificate, identity_key, portal, started_at, decision,
                    state, step, steps, deadline, submitted, end_order, ended_at, result, error, message, reference,
                    confirmation_number, code
                FROM approval WHERE number >= ? AND number <= ? ORDER BY number DESC
                """,
            insert: """
                INSERT OR IGNORE INTO approval (number, kind, handle_token, fingerprint, certificate, identity_key, portal,
                    started_at, decision, state, step, steps, deadline, submitted, end_order, ended_at, result, error,
                    message, reference, confirmation_number, code)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            // A damaged page can hold another row's handle-token or place in the order of ends.
            insertWithoutNames: """
                INSERT OR IGNORE INTO approval (number, kind, handle_token, fingerprint, certificate, identity_key, portal,
                    started_at, decision, state, step, steps, deadline, submitted, end_order, ended_at, result, error,
                    message, reference, confirmation_number, code)
                VALUES (?1, ?2, NULL, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                    iif(?15 IS NULL, NULL, (SELECT coalesce(max(end_order), 0) + 1 FROM approval)),
                    ?16, ?17, ?18, ?19, ?20, ?21, ?22)
                """)

        private static let signature = Table(
            key: .number,
            forwards: """
                SELECT rowid, approval, step, code, cms, signed_at FROM signature WHERE rowid >= ? AND rowid <= ?
                ORDER BY rowid
                """,
            backwards: """
                SELECT rowid, approval, step, code, cms, signed_at FROM signature WHERE rowid >= ? AND rowid <= ?
                ORDER BY rowid DESC
                """,
            insert: """
                INSERT OR IGNORE INTO signature (rowid, approval, step, code, cms, signed_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            // The number only keeps the order.
            insertWithoutNames: """
                INSERT OR IGNORE INTO signature (approval, step, code, cms, signed_at) VALUES (?2, ?3, ?4, ?5, ?6)
                """)
    }
}
