// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract

/// What the portal is set up to do: the part of the configuration that its rules need.
struct PortalRules: Sendable {
    /// The origin that is signed; from the configuration, never from a request.
    let origin: PortalOrigin
    let statement: Statement
    /// How long a code lives, in seconds.
    var codeLifetime = PortalLimits.codeLifetime
    /// How long before a certificate's end its renewal can be applied for, in days of 86,400 seconds.
    var renewalDays: Int64 = 30
    var limits = Limits()

    /// What one caller may do in a window of time.
    struct Limits: Sendable {
        /// In seconds.
        var window: Int64 = 600
        /// Codes for one identity from one address.
        var codesPerIdentity = 10
        /// Codes from one address, whoever they are for. Large: a whole ministry may come from one.
        var codesPerAddress = 1000
        /// Look-ups of unknown codes from one address.
        var unknownCodes = 60
    }

    /// Checks what the contract demands of a statement; throws `InvalidDeclaration`.
    static func checked(_ statement: Statement) throws -> Statement {
        for decision in Decision.allCases {
            _ = try Declaration(decision: decision, version: statement.version, statement: statement.text(of: decision))
        }
        return statement
    }

    /// The guide's two sentences (step 8), word for word.
    static let guideStatement = Statement(
        version: "2026-01", accept: guideSentence("KABUL EDİYORUM."), decline: guideSentence("KABUL ETMİYORUM."))

    private static func guideSentence(_ verb: String) -> String {
        "Kamu SM sistemleri üzerinden güvenilir bir şekilde elektronik onayımın alınması kaydıyla bundan sonra "
            + "yapacağım NES başvurularımın, imzalı başvuru formu göndermeme gerek kalmaksızın işleme alınmasını "
            + verb
    }
}
