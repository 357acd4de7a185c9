// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One statement of a qualified certificate (RFC 3739, 3.2.6; ETSI EN 319 412-5).
public struct QCStatement: Sendable, Hashable {
    /// In dotted decimal.
    public let identifier: String

    /// The free text of the statement, "" where it has none. Turkish certificates say here what they may be used for.
    public let text: String

    /// The object identifiers inside the statement, such as the types of a QcType statement.
    public let identifiers: [String]

    /// How much a transaction may be worth, in a QcLimitValue statement.
    public let limit: TransactionLimit?

    /// `OID` or `OID=text`, as `inspect` shows it.
    public var description: String {
        text.isEmpty ? identifier : "\(identifier)=\(text)"
    }
}
