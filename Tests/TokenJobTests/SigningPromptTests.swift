// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Testing

@testable import TokenJob

@Suite(.timeLimit(.minutes(1)))
struct SigningPromptTests {
    private func text(
        _ request: SignRequest, locale: String = "en_GB.UTF-8", holder: String = "AYŞE IŞIK ÇAĞLAYAN"
    ) throws -> String {
        let signed = try SignedRequest(request, identity: NationalIdentity(certified: "10000000146"), after: nil)
        let text = SigningPrompt(locale: locale, timeZone: "Europe/Istanbul").text(for: request, signed, holder: holder)
        #expect(text.fitsPinentry)
        return text.lines.joined(separator: "\n")
    }

    @Test func everythingThatIsDecidedUponIsShown() throws {
        let shown = try text(Requests.login())
        for part in [
            "eonay (4711)", "AYŞE IŞIK ÇAĞLAYAN", Requests.portal.text,
            "sign-in, then the declaration below (signature 1 of 2)",
            "KABUL EDİYORUM", Requests.declaration.statement, "Until: ",
        ] {
            #expect(shown.contains(part), "\(part)")
        }
        #expect(!shown.contains("10000000146"))
        #expect(!shown.contains("638856212993845"))
    }

    @Test func itSpeaksTheLanguageOfTheLocale() throws {
        let shown = try text(Requests.consent(), locale: "tr_TR.UTF-8")
        #expect(shown.contains("Sahibi: AYŞE IŞIK ÇAĞLAYAN"))
        #expect(shown.contains("Amaç: aşağıdaki beyan"))
    }

    /// Beside the service's notices, which tell the same time: not by the job's own TZ.
    @Test func theTimeIsToldInTheZoneThatIsGiven() throws {
        let signed = try SignedRequest(
            Requests.login(), identity: NationalIdentity(certified: "10000000146"), after: nil)
        for (zone, time) in [("Europe/Istanbul", "11:00:00"), ("Europe/Berlin", "09:00:00"), ("", "11:00:00")] {
            let prompt = SigningPrompt(locale: "en", timeZone: zone)
            #expect(prompt.text(for: Requests.login(), signed, holder: "A").lines.contains("Until: \(time)"), "\(zone)")
        }
    }

    @Test func aMereSignInShowsNoDecision() throws {
        let shown = try text(Requests.login(shown: nil, steps: 1))
        #expect(shown.contains("Purpose: sign-in"))
        #expect(!shown.contains("Decision"))
    }

    @Test func anApplicationThatFollowsTheSignInIsShown() throws {
        var request = Requests.login(shown: nil, steps: 1)
        request.filesRenewal = true
        #expect(try text(request).contains("Purpose: sign-in, then the application for renewal"))
        #expect(try text(request, locale: "tr").contains("Amaç: giriş, ardından yenileme başvurusu"))
    }

    /// pinentry-qt and pinentry-gtk-2 show an error with an entry alone: the warning has to be in the text.
    @Test(arguments: [3, 256]) func aQuestionWarnsOfTheWebPageInItsText(_ length: Int) throws {
        let declaration = try Declaration(
            decision: .accept, version: "2026-01", statement: String(repeating: "ğ", count: length))
        var request = Requests.consent(declaration)
        request.requester = String(repeating: "r", count: 300)
        let signed = try SignedRequest(request, identity: NationalIdentity(certified: "10000000146"), after: nil)
        for (locale, words) in [("en", "A web page asks"), ("tr", "web sayfası")] {
            let question = SigningPrompt(locale: locale, timeZone: "Europe/Istanbul").question(
                for: request, signed, holder: "AYŞE IŞIK ÇAĞLAYAN")
            #expect(question.fitsPinentry && question.warning.isEmpty)
            #expect(question.lines.first?.contains(words) == true)
            #expect(question.lines.contains(declaration.statement))
        }
    }

    @Test func namesFromOutsideCannotPretendToBeLines() throws {
        let shown = try text(Requests.login(), holder: "A\nPortal: https://other.example\u{1B}[1A")
        #expect(!shown.contains("\nPortal: https://other"))
        #expect(!shown.contains("\u{1B}"))
    }

    @Test func longNamesGiveWayToTheDeclarationWhichIsNeverCut() throws {
        let declaration = try Declaration(
            decision: .accept, version: "2026-01", statement: String(repeating: "ğ", count: 256))
        var request = Requests.consent(declaration)
        request.requester = String(repeating: "r", count: 300)
        let shown = try text(request, holder: String(repeating: "Ş", count: 300))
        #expect(shown.contains(declaration.statement))
        #expect(shown.contains("…"))
    }

    @Test func warningsAreForWhatIsToBeFeared() {
        let prompt = SigningPrompt(locale: "en", timeZone: "Europe/Istanbul")
        #expect(prompt.warning(of: .ok).isEmpty)
        #expect(prompt.warning(of: .finalTry).contains("locks"))
        #expect(prompt.warning(wantedLength: 4...8).contains("4 to 8"))
    }
}
