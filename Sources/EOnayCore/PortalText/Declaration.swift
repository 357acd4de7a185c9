// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// NFC (UAX #15) has no public name in the standard library. The library does compute it, for comparing strings, and
// offers it to Foundation under @_spi(_Unicode); Foundation's own precomposedStringWithCanonicalMapping is these
// lines. Using it keeps Foundation out of this module and the tables the ones that String's == uses. Should a
// toolchain drop it, this file stops compiling: it cannot start to give wrong answers in silence.
@_spi(_Unicode) internal import Swift
internal import SystemBasics

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
}

/// The text that is signed (contract/portal.md), version 1.
///
/// It is only ever composed here, on both sides, from fields that are checked by their types: no caller hands in text
/// to be signed. UTF-8, LF after each line, the last included.
public struct SignedText: Sendable {
    /// The whole text.
    public let text: String

    /// The octets that are signed.
    public var bytes: [UInt8] { Array(text.utf8) }

    /// The text that signs a person in.
    public static func login(
        portal: Origin, identity: NationalIdentity, code: VerificationCode
    ) -> SignedText {
        SignedText(lines: head(portal, .login, identity, code))
    }

    /// The text that records a decision.
    public static func consent(
        portal: Origin, identity: NationalIdentity, code: VerificationCode, declaration: Declaration
    ) -> SignedText {
        SignedText(
            lines: head(portal, .consent, identity, code) + [
                "Karar: " + declaration.decision.signedWords,
                "Beyan sürümü: " + declaration.version,
                "",
                declaration.statement,
            ])
    }

    private init(lines: [String]) {
        text = lines.map { $0 + "\n" }.joined()
    }

    private static func head(
        _ portal: Origin, _ purpose: Purpose, _ identity: NationalIdentity, _ code: VerificationCode
    ) -> [String] {
        [
            "E-ONAY/1",
            "Portal: " + portal.text,
            "Amaç: " + purpose.signedWord,
            "T.C. Kimlik No: " + identity.digits,
            "Doğrulama kodu: " + code.digits,
        ]
    }
}

/// The rules for a field of the signed text.
///
/// The text must look to its reader as it is: a field holds no character that cannot be seen, that turns the direction
/// of its neighbours, or that makes a line end where none is. And it has one spelling (NFC), because no program normalises it.
enum TextRules {
    /// Throws what is wrong with `text`, if anything.
    static func check(_ text: String, linesAllowed: Bool, atMost octets: Int) throws(InvalidDeclaration.Reason) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= octets else { throw .tooLong }
        for scalar in text.unicodeScalars where !scalar.isShowable {
            guard linesAllowed && scalar == "\n" else { throw .character }
        }
        guard text.isNFC else { throw .notNormalised }
    }
}

extension String {
    /// Whether the text is in Normalization Form C, scalar for scalar.
    var isNFC: Bool { unicodeScalars.elementsEqual(_nfc) }
}
