// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import SystemBasics
import Texts

/// Which cards are in, whether they answer, and who holds one for itself alone.
struct CardCheck: Check {
    let topic = Topic.card

    func look(_ examination: Examination) async -> [Finding] {
        let facts = examination.facts
        guard let survey = facts.survey else { return [.notLookedAt(topic, because: .pcscd)] }
        guard !survey.readers.isEmpty else { return [.notLookedAt(topic, because: .reader)] }
        let cards = survey.readers.filter { $0.card != .none }
        guard !cards.isEmpty else {
            return [Finding(.noCard, .fault, .text(Texts.marked("No card is in a reader.")), remedy: .remedy(.noToken))]
        }
        let findings = cards.map { finding($0, survey, facts.service) }
        // One good card is enough.
        return findings.contains { $0.state == .fine } ? findings.map(\.eased) : findings
    }

    private func finding(_ card: SurveyedReader, _ survey: ReaderSurvey, _ service: ServiceView?) -> Finding {
        switch card.card {
        case .held: return .held(by: Self.holders(of: card, survey, service))
        case .mute, .none:
            return Finding(
                .cardMute, .fault, .text(Texts.marked("The card does not answer.")),
                remedy: .text(
                    Texts.marked("Pull it, check that the chip is clean and the right way round, and put it in again."))
            )
        case .present:
            return Finding(.cardIn, .fine, Self.kind(ofATR: card.atr))
        }
    }

    /// The service's word first: it was there when the other program came.
    static func holders(of card: SurveyedReader, _ survey: ReaderSurvey, _ service: ServiceView?) -> String {
        let seen = service?.tokens.first { $0.reader == card.shownName }?.heldBy ?? ""
        return seen.isEmpty ? survey.clients.joined(separator: ", ") : seen
    }

    /// The card as its answer to reset tells it.
    static func kind(ofATR atr: [UInt8]) -> Phrase {
        if let family = CardFamily(answerToReset: atr) {
            return .text(
                Texts.marked("A card is in: %1; answer to reset (ATR): %2"),
                [.plain(family.name), .plain(Hexadecimal.spaced(atr))])
        }
        return .text(Texts.marked("A card is in; answer to reset (ATR): %1"), [.plain(Hexadecimal.spaced(atr))])
    }
}

extension Finding {
    /// Another program holds the card.
    static func held(by holders: String) -> Finding {
        Finding(
            .cardHeld, .fault,
            holders.isEmpty
                ? .text(Texts.marked("Another program holds the card for itself."))
                : .text(
                    Texts.marked("Another program holds the card for itself; connected are: %1"), [.plain(holders)]),
            remedy: .text(Texts.marked("Close that program.")))
    }
}

extension Hexadecimal {
    /// Two digits for each octet, as cards' data are written.
    fileprivate static func spaced(_ octets: [UInt8]) -> String {
        octets.map { text([$0]).uppercased() }.joined(separator: " ")
    }
}
