// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import Texts

/// Whether pcscd is installed, runs, answers, and lets us in: us, and the service too, which may be in another session.
struct CardServiceCheck: Check {
    let topic = Topic.pcscd

    private static let patience: Duration = .seconds(5)

    func look(_ examination: Examination) async -> [Finding] {
        let reply = await examination.token(.readers, limit: Self.patience)
        switch reply {
        case .success(.readers(let survey)):
            let finding = finding(survey.service, examination.facts.service)
            if finding.state == .fine { examination.learn { $0.survey = survey } }
            return [finding]
        case .failure(let error) where error.code == .deadline:
            return [silent]
        case .success, .failure:
            return [.jobFailed(topic)]
        }
    }

    var noAnswer: Finding { silent }

    private var silent: Finding {
        .noAnswer(
            topic, remedy: .text(Texts.marked("The smart-card service pcscd hangs; start it anew.")),
            command: Command("sudo systemctl restart pcscd"))
    }

    private func finding(_ service: ReaderSurvey.Service, _ view: ServiceView?) -> Finding {
        switch service {
        case .missing:
            return Finding(
                .cardServiceMissing, .fault, .what(.cardServiceMissing), command: .installCardService)
        case .stopped:
            return Finding(.cardServiceStopped, .fault, .what(.noCardService), command: .startCardService)
        case .denied:
            return Finding(.cardServiceDenies, .fault, .what(.accessDenied), remedy: .remedy(.accessDenied))
        case .running:
            if let trouble = view?.watcher.trouble, trouble != .noReader {
                return Finding(
                    .cardServiceUnseen, .fault,
                    .text(Texts.marked("The smart-card service answers here, but not to the service eonayd.")),
                    remedy: trouble == .accessDenied ? .remedy(.accessDenied) : nil, command: .restartService)
            }
            return Finding(.cardServiceRuns, .fine, .text(Texts.marked("The smart-card service pcscd answers.")))
        }
    }
}

extension Finding {
    /// A program of ours, which looks for us, is missing or failed.
    static func jobFailed(_ topic: Topic) -> Finding {
        .noAnswer(
            topic, remedy: .text(Texts.marked("A program of E-Onay's own failed; install the package anew.")),
            command: .reinstall)
    }
}
