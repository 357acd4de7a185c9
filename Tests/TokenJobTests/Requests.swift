// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

/// Requests as the desktop service makes them.
enum Requests {
    static let portal = "https://portal.example.org"
    static let declaration = ShownDeclaration(
        decision: "accept", statement: "Elektronik onayımın alınmasını KABUL EDİYORUM.", statementVersion: "2026-01")

    static func login(shown: ShownDeclaration = declaration, steps: UInt32 = 2, secondsLeft: UInt32 = 60) -> SignRequest
    {
        SignRequest(
            purpose: "login", portal: portal, code: "638856212993845", decision: "", statementVersion: "",
            statement: "",
            shown: shown, requester: "eonay (4711)", deadline: 1_800_000_000, secondsLeft: secondsLeft, step: 1,
            steps: steps, signingTime: 1_800_000_000)
    }

    static func consent(_ declaration: ShownDeclaration = declaration, step: UInt32 = 2) -> SignRequest {
        SignRequest(
            purpose: "consent", portal: portal, code: "112233445566778", decision: declaration.decision,
            statementVersion: declaration.statementVersion, statement: declaration.statement, shown: declaration,
            requester: "eonay (4711)", deadline: 1_800_000_000, secondsLeft: 60, step: step, steps: 2,
            signingTime: 1_800_000_000)
    }

    static func prepare(
        module: String, reader: String, id: String, identity: String? = nil, prompt: PINPrompt = .descriptor,
        finalTry: Bool = false
    ) -> TokenRequest {
        .prepare(
            PrepareRequest(
                module: module, reader: Array(reader.utf8), certificateId: id, expectedIdentity: identity,
                prompt: prompt,
                finalTry: finalTry, locale: "tr_TR.UTF-8", timeZone: "Europe/Istanbul"))
    }

    static func loginText(identity: String) -> String {
        """
        E-ONAY/1
        Portal: https://portal.example.org
        Amaç: giriş
        T.C. Kimlik No: \(identity)
        Doğrulama kodu: 638856212993845

        """
    }

    static func consentText(identity: String) -> String {
        """
        E-ONAY/1
        Portal: https://portal.example.org
        Amaç: onay
        T.C. Kimlik No: \(identity)
        Doğrulama kodu: 112233445566778
        Karar: KABUL EDİYORUM
        Beyan sürümü: 2026-01

        Elektronik onayımın alınmasını KABUL EDİYORUM.

        """
    }
}
