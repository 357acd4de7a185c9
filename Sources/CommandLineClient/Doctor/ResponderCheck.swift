// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import Texts

/// Whether the server answers that is asked if the certificate was revoked (OCSP). The certificate itself is not sent.
struct ResponderCheck: Check {
    let topic = Topic.responder
    let limit: Duration = .seconds(20)

    private static let patience: UInt32 = 5000

    func look(_ examination: Examination) async -> [Finding] {
        let certificates = examination.certificates.filter(\.qualified)
        guard !certificates.isEmpty else { return [.notLookedAt(topic, because: .certificate)] }
        var addresses: [String] = []
        for address in certificates.flatMap(\.ocsp) where !addresses.contains(address) { addresses.append(address) }
        guard !addresses.isEmpty else {
            return [
                Finding(
                    .noResponder, .fine, .text(Texts.marked("The certificate names no responder (OCSP) to be asked.")))
            ]
        }
        var findings: [Finding] = []
        for address in addresses.prefix(3) { findings.append(await look(at: address, examination)) }
        return findings
    }

    private func look(at address: String, _ examination: Examination) async -> Finding {
        let (replies, error) = await examination.courier(
            [.probe(address: address, caFile: "", timeout: Self.patience)],
            limit: .milliseconds(Self.patience) + .seconds(1))
        let (shown, remedy) = (
            Phrase.Argument.plain(address), Phrase.text(Texts.marked("Check the network and try again later."))
        )
        // To a plain request, responders mostly answer with an error; that they answer is enough.
        if case .probed = replies.first {
            return Finding(.responderReached, .fine, .text(Texts.marked("%1 answers."), [shown]))
        }
        var detail = error == nil ? "" : "timeout"
        if case .failed(let failure) = replies.first { detail = failure.detail }
        return Finding(
            .responderUnreachable, .warning,
            .text(Texts.marked("%1 cannot be reached (%2)."), [shown, .plain(detail)]), remedy: remedy)
    }
}
