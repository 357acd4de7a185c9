// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops

/// All checks, from the card to the portal.
enum Doctor {
    /// The order of the lines. A check may use what the ones before it have found out.
    static let checks: [any Check] = [
        CardServiceCheck(), ReaderCheck(), CardCheck(), DriverCheck(), CertificateCheck(), PromptCheck(),
        NotificationCheck(), ClockCheck(), ConfigurationCheck(), RecordCheck(), ServiceCheck(), PortalCheck(),
        ResponderCheck(),
    ]

    /// Looks at everything, one after the other: two looks would meet on a card.
    static func examine(_ examination: Examination, by checks: [any Check] = checks) async -> Diagnosis {
        await meetService(examination)
        var findings: [Finding] = []
        for check in checks {
            let found = await examination.within(check.limit) { await check.look(examination) }
            findings += found ?? [check.noAnswer]
        }
        return Diagnosis(findings: findings, secrets: Mask(examination))
    }

    /// The bus, and the service where it runs. None is started: what keeps it from starting is to be found out.
    private static func meetService(_ examination: Examination) async {
        guard let client = try? await ServiceClient(on: examination.loop) else { return }
        examination.learn { $0.bus = client }
        let view = await examination.within(.seconds(8)) {
            do { return Result<ServiceView?, Failure>.success(try await ServiceView.ask(client)) } catch {
                return .failure(Failure(.serviceSilent))
            }
        }
        examination.learn { facts in
            if case .success(let view) = view { facts.service = view } else { facts.isServiceSilent = true }
        }
    }
}

/// The findings of one look.
struct Diagnosis: Sendable {
    let findings: [Finding]
    /// The words that must not stand in a report.
    let secrets: Mask

    /// Whether an approval could be given now: nothing stands in its way, and all that it needs is known to be good.
    var isApprovable: Bool {
        findings.allSatisfy { $0.state != .fault && !($0.state == .unknown && $0.topic.isNeeded) }
    }

    /// The lines that keep one from being given.
    var obstacles: Int { findings.count { $0.state == .fault } }
}
