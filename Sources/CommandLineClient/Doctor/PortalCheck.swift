// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import Texts

/// Whether each configured portal answers as one, over TLS that can be trusted, and what time it is there. Nothing personal is sent.
struct PortalCheck: Check {
    let topic = Topic.portal
    let limit: Duration = .seconds(60)

    private static let patience: UInt32 = 8000
    /// A code is good for five minutes: beyond that, none could be used. Half a minute is told.
    private static let (noted, tolerated): (Int64, Int64) = (30, 240)

    func look(_ examination: Examination) async -> [Finding] {
        let portals = examination.facts.configuration.portals
        guard !portals.isEmpty else {
            return [
                Finding(
                    .noPortal, .fault, .text(Texts.marked("No portal is configured.")),
                    remedy: .remedy(.portalNotConfigured))
            ]
        }
        var findings: [Finding] = []
        for (place, portal) in portals.prefix(8).enumerated() {
            let own = await look(at: portal, examination)
            // An approval that names none means the first.
            findings += place == 0 ? own : own.map(\.eased)
        }
        return findings
    }

    private func look(at portal: ConfiguredPortal, _ examination: Examination) async -> [Finding] {
        let caFile = portal.caFile ?? ""
        let (replies, error) = await examination.courier(
            [
                .open(portal.origin, caFile: caFile, connectTimeout: Self.patience, totalTimeout: Self.patience),
                .question(.statement),
                .probe(address: portal.origin.text + "/", caFile: caFile, timeout: Self.patience),
            ], limit: .milliseconds(Self.patience) * 2 + .seconds(2))
        // A person may have called it anything.
        let name = Phrase.Argument.personal(portal.name)
        if error?.code == .deadline { return [silent(name)] }
        for case .failed(let failure) in replies.prefix(2) { return [finding(failure, name)] }
        guard replies.count > 1 else { return [.jobFailed(topic)] }
        let reached = Finding(.portalReached, .fine, .text(Texts.marked("%1 answers."), [name]))
        guard case .probed(_, let date?) = replies.last else { return [reached] }
        return [reached] + clock(examination.surroundings.now() - date, name)
    }

    private func clock(_ seconds: Int64, _ portal: Phrase.Argument) -> [Finding] {
        guard abs(seconds) >= Self.noted else { return [] }
        return [
            Finding(
                .clockOff, abs(seconds) > Self.tolerated ? .fault : .warning,
                .text(
                    seconds > 0
                        ? Texts.marked("This computer's clock is %1 seconds ahead of that of %2.")
                        : Texts.marked("This computer's clock is %1 seconds behind that of %2."),
                    [.plain("\(abs(seconds))"), portal]),
                command: .synchroniseClock)
        ]
    }

    private func silent(_ portal: Phrase.Argument) -> Finding {
        Finding(
            .portalSilent, .fault, .text(Texts.marked("%1 does not answer in time."), [portal]),
            remedy: .text(Texts.marked("Check the network and try again later.")))
    }

    private func finding(_ failure: JobFailure, _ portal: Phrase.Argument) -> Finding {
        switch failure.detail {
        case "timeout": return silent(portal)
        case "tls-certificate", "tls-handshake", "ca-file":
            return Finding(
                .portalTLS, .fault,
                .text(Texts.marked("The certificate of %1 is not trusted (%2)."), [portal, .plain(failure.detail)]),
                remedy: .text(
                    Texts.marked(
                        "Check clock, Origin and CAFile in eonay.conf; a network that looks into TLS does this, too.")))
        default:
            if failure.name == .portalUnreachable {
                return Finding(
                    .portalUnreachable, .fault,
                    .text(Texts.marked("%1 cannot be reached (%2)."), [portal, .plain(failure.detail)]),
                    remedy: .text(Texts.marked("Check the network and try again later.")))
            }
            return Finding(
                .portalForeign, .fault,
                .text(Texts.marked("%1 does not answer as a portal does (%2)."), [portal, .plain(failure.detail)]),
                remedy: .remedy(.portalUntrusted))
        }
    }
}
