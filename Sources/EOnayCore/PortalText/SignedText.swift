// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
