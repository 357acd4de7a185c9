// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

@testable import EOnayCore

/// Requests as the desktop service makes them.
enum Requests {
    static let portal = try! Origin("https://portal.example.org")
    static let declaration = try! Declaration(
        decision: .accept, version: "2026-01", statement: "Elektronik onayımın alınmasını KABUL EDİYORUM.")

    static func login(shown: Declaration? = declaration, steps: UInt32 = 2, secondsLeft: UInt32 = 60) -> SignRequest {
        SignRequest(
            SigningOrder(
                purpose: .login, code: try! VerificationCode("638856212993845"), declaration: nil, shown: shown,
                deadline: 1_800_000_000, secondsLeft: secondsLeft, step: 1, steps: steps),
            portal: portal, requester: "eonay (4711)", signingTime: 1_800_000_000)
    }

    /// - Parameter shown: what is said to have been shown, where that is something else.
    static func consent(
        _ declaration: Declaration? = declaration, shown: Declaration? = nil, step: UInt32 = 2
    ) -> SignRequest {
        SignRequest(
            SigningOrder(
                purpose: .consent, code: try! VerificationCode("112233445566778"), declaration: declaration,
                shown: shown ?? declaration, deadline: 1_800_000_000, secondsLeft: 60, step: step, steps: 2),
            portal: portal, requester: "eonay (4711)", signingTime: 1_800_000_000)
    }

    static func prepare(
        module: String, reader: String, id: String, identity: String? = nil, prompt: PINPrompt = .descriptor,
        finalTry: Bool = false
    ) -> TokenRequest {
        .prepare(
            PrepareRequest(
                module: module, reader: Array(reader.utf8), certificateId: id,
                expectedIdentity: identity.map { try! NationalIdentity(certified: $0) }, prompt: prompt,
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
