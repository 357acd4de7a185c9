// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A person's declaration: the decision, and the portal's statement of it with that statement's version.
///
/// A value keeps the rules of the contract by being there: only showable characters, NFC, a statement of at most
/// 512 octets (a pinentry shows no more). Two are equal when all their octets are: `String`'s own `==` would take
/// two spellings of one letter for the same.
public struct Declaration: Sendable {
    public let decision: Decision
    /// The statement's version, one line.
    public let version: String
    /// The sentence or sentences, lines parted by LF, none needed at the end.
    public let statement: String

    /// The longest statement, in octets of UTF-8.
    public static let longestStatement = 512
    /// The longest version, in octets of UTF-8.
    public static let longestVersion = 64

    /// Throws `InvalidDeclaration` with the field that breaks a rule; on the desktop that is `PortalUntrusted`.
    public init(decision: Decision, version: String, statement: String) throws(InvalidDeclaration) {
        do {
            try TextRules.check(version, linesAllowed: false, atMost: Self.longestVersion)
        } catch {
            throw InvalidDeclaration(field: .version, reason: error)
        }
        do {
            try TextRules.check(statement, linesAllowed: true, atMost: Self.longestStatement)
        } catch {
            throw InvalidDeclaration(field: .statement, reason: error)
        }
        self.decision = decision
        self.version = version
        self.statement = statement
    }
}

extension Declaration: Codable {
    private enum CodingKeys: CodingKey { case decision, version, statement }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            decision: fields.decode(Decision.self, forKey: .decision),
            version: fields.decode(String.self, forKey: .version),
            statement: fields.decode(String.self, forKey: .statement))
    }
}

extension Declaration: Equatable {
    public static func == (left: Declaration, right: Declaration) -> Bool {
        left.decision == right.decision
            && left.version.utf8.elementsEqual(right.version.utf8)
            && left.statement.utf8.elementsEqual(right.statement.utf8)
    }
}

/// Which field of a declaration breaks which rule. It never holds the text.
public struct InvalidDeclaration: Error, Equatable, Sendable {
    public enum Field: String, Sendable {
        case version
        case statement
    }

    public enum Reason: String, Error, Sendable {
        case empty
        case tooLong
        /// A control, format, separator, private-use or unassigned character.
        case character
        /// Not in Normalization Form C.
        case notNormalised
    }

    public let field: Field
    public let reason: Reason

    public init(field: Field, reason: Reason) {
        self.field = field
        self.reason = reason
    }
}
