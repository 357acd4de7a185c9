// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Texts

/// The sentences for every error, with every detail that a part of ours sends along.
@Suite(.timeLimit(.minutes(1)))
struct ErrorTextTests {
    static let details =
        ProblemName.allCases.map(\.rawValue) + [
            "", "CKR_DEVICE_ERROR", "CKR_GENERAL_ERROR (C_Login)", "mute", "exclusive", "no-identity",
            "another-approval",
            "option wait", "option handle-token", "type of option portal", "until", "12", "length of an option",
            "newer", "no-locks", "an answer to another question", "option \"x y\"", "eonay-token: killed by SIGKILL",
            "rate-limited", "no line",
        ]

    /// No pinentry helps against a descriptor that gives too little.
    @Test func aDescriptorThatEndsBeforeThePINHasItsSentence() {
        let (exact, general) = (
            Texts(.english).error(.pinPromptUnavailable, detail: "no line"),
            Texts(.english).error(.pinPromptUnavailable)
        )
        #expect(exact.what.contains("--pin-fd") && !exact.remedy.contains("pinentry") && exact.what != general.what)
    }

    @Test(arguments: ErrorName.allCases)
    func noMachinesWordStandsInASentence(_ error: ErrorName) {
        for detail in Self.details {
            let (english, turkish) = (Texts(.english), Texts(.turkish))
            let texts = [english.error(error, detail: detail), turkish.error(error, detail: detail)]
            #expect(texts[0].what != texts[1].what, "\(error) \(detail)")
            #expect(texts[0].remedy != texts[1].remedy, "\(error) \(detail)")
            for sentence in texts.flatMap({ [$0.what, $0.remedy] }) {
                #expect(!sentence.isEmpty && !sentence.contains("CKR_") && !sentence.contains("SIGKILL"))
                // "until" is a word of English; a name with a hyphen or an underscore is a machine's.
                let isName = detail.contains("-") || detail.contains("_")
                #expect(!isName || detail.hasPrefix("option") || !sentence.contains(detail), "\(sentence)")
                #expect(!sentence.contains(error.rawValue) || error.rawValue == "Cancelled", "\(sentence)")
            }
        }
    }

    @Test func aLockedPINsPageStandsInItsRemedyWhereItIsOne() {
        let texts = Texts(.turkish)
        let page = "https://onlineislemler.kamusm.gov.tr/"
        #expect(texts.error(.pinLocked, detail: "CKR_PIN_LOCKED C_Login \(page)").remedy.contains(page))
        for other in ["", "http://a.example/", "https://a.example/ C_Login", "https://ş.example/"] {
            #expect(texts.error(.pinLocked, detail: other) == texts.error(.pinLocked))
        }
    }

    /// PortalRefused stands for a dozen problems of the portal, and each has its own sentence.
    @Test(arguments: ProblemName.allCases.filter { $0.errorName == .portalRefused })
    func eachRefusalOfThePortalHasItsSentence(_ problem: ProblemName) {
        let texts = Texts(.english)
        #expect(texts.error(.portalRefused, detail: problem.rawValue).what != texts.error(.portalRefused).what)
    }

    /// More room, the general advice, helps against neither.
    @Test(arguments: ["newer", "no-locks"])
    func aRecordThatIsNotForThisVersionOrHasNoLocksHasItsSentence(_ detail: String) {
        let (exact, general) = (
            Texts(.english).error(.storeFailed, detail: detail), Texts(.english).error(.storeFailed)
        )
        #expect(exact.what != general.what && exact.remedy != general.remedy)
    }

    @Test func theOptionThatWasNotTakenIsNamed() {
        #expect(Texts(.english).error(.invalidArgument, detail: "option wait").what.contains("\"wait\""))
        #expect(Texts(.turkish).error(.invalidArgument, detail: "type of option portal").what.contains("\"portal\""))
    }
}
