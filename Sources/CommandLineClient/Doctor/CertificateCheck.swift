// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Texts

/// Whether a qualified certificate that is good now is on a card, and how its PIN stands.
struct CertificateCheck: Check {
    let topic = Topic.certificate

    func look(_ examination: Examination) async -> [Finding] {
        let facts = examination.facts
        guard facts.survey != nil else { return [.notLookedAt(topic, because: .pcscd)] }
        guard !facts.cards.isEmpty else { return [.notLookedAt(topic, because: .driver)] }
        let now = examination.surroundings.now()
        var findings: [Finding] = []
        var isUsable = false
        for card in facts.cards {
            let own = card.description.certificates.filter(\.qualified).map { finding($0, at: now) }
            findings += own
            guard own.contains(where: { $0.state == .fine }) else { continue }
            let shown = String(decoding: card.reader, as: UTF8.self)
            // The service remembers a wrong PIN that the card's flags have forgotten.
            let seen = facts.service?.tokens.first { $0.reader == shown }.flatMap { PINState(rawValue: $0.pinState) }
            let state = PINState.worse(card.description.pinState, seen ?? .unknown)
            findings += pin(state)
            isUsable = isUsable || state != .locked
        }
        guard !findings.isEmpty else {
            return [
                Finding(
                    .noCertificate, .fault,
                    .text(Texts.marked("No qualified certificate (NES) is on the card.")),
                    remedy: .remedy(.notQualified))
            ]
        }
        // One good card is enough.
        return isUsable ? findings.map(\.eased) : findings
    }

    private func finding(_ certificate: CertificateDescription, at now: Int64) -> Finding {
        if now < certificate.notBefore {
            return Finding(
                .certificateEarly, .fault, .what(.certificateNotYetValid), remedy: .remedy(.certificateNotYetValid))
        }
        guard now <= certificate.notAfter else {
            return Finding(
                .certificateExpired, .fault, .what(.certificateExpired), remedy: .remedy(.certificateExpired))
        }
        if let hindrance = certificate.hindrances.first {
            return Finding(.noCertificate, .fault, .what(hindrance), remedy: .remedy(hindrance))
        }
        let days = Validity(notBefore: certificate.notBefore, notAfter: certificate.notAfter).daysLeft(at: now)
        return Finding(
            .certificateGood, .fine,
            .text(
                Texts.marked("A qualified certificate (NES) is good for %1 more days; issuer: %2"),
                [.plain("\(days)"), .plain(certificate.issuer)]))
    }

    private func pin(_ state: PINState) -> [Finding] {
        switch state {
        case .unknown, .ok: []
        case .locked: [Finding(.pinLocked, .fault, .what(.pinLocked), remedy: .remedy(.pinLocked))]
        case .finalTry: [Finding(.pinFinalTry, .warning, .what(.pinFinalTry), remedy: .remedy(.pinFinalTry))]
        case .countLow:
            [Finding(.pinCountLow, .warning, .text(Texts.marked("A wrong PIN was entered since the last right one.")))]
        }
    }
}
