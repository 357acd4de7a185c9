// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
