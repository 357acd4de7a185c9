// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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

    /// Remembers that a wrong PIN was entered for a card with these certificates, and what is known of its PIN since.
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
