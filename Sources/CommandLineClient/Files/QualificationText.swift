// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// What the stable names of a certificate's lacks mean ("no-qc-compliance").
enum QualificationText {
    /// A sentence; for a name that is unknown here, the one that holds for all of them.
    static func meaning(of reason: String, _ texts: Texts) -> String {
        switch reason {
        case "authority-certificate": texts.text("It is a certification authority's, not a person's.")
        case "no-non-repudiation": texts.text("Its key is not for signatures that somebody answers for.")
        case "no-qc-compliance": texts.text("It does not state that it is a qualified certificate (ETSI).")
        case "no-national-statement": texts.text("It does not state that it is one under Turkish law 5070.")
        case "no-user-notice": texts.text("It has no user notice, by which it must say to people what it is.")
        case "seal": texts.text("It is an institution's seal.")
        case "usage-restricted": texts.text("It restricts its use in a way that E-Onay does not know.")
        case "test-certificate": texts.text("It was issued for tests.")
        default: texts.text("This certificate is not a qualified one for signing (NES).")
        }
    }
}
