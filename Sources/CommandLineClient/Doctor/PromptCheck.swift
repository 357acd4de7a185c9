// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import JobFrames
import Jobs
import Texts

/// Whether the PIN can be asked for: a pinentry, and a display for its window, as the service finds them.
struct PromptCheck: Check {
    let topic = Topic.prompt

    private static let patience: Duration = .seconds(8)

    func look(_ examination: Examination) async -> [Finding] {
        let (facts, surroundings) = (examination.facts, examination.surroundings)
        let display = await display(examination)
        let locale = surroundings.value("LC_ALL") ?? surroundings.value("LANG") ?? "C.UTF-8"
        var environment: [String: String] = [:]
        environment["PATH"] = facts.service?.path
        guard !display.isNowhere else {
            if surroundings.isOnTerminal {
                return [
                    Finding(
                        .terminalOnly, .warning,
                        .text(Texts.marked("There is no display: the PIN can be asked for on a terminal alone.")))
                ]
            }
            return [
                Finding(
                    .noDisplay, .fault, .text(Texts.marked("There is no display to ask for the PIN on.")),
                    remedy: .text(Texts.marked("Log in to a desktop, or start eonay approve on a terminal.")))
            ]
        }
        let reply = await examination.token(
            .prompt(.pinentry(path: facts.configuration.pinentry), locale: locale, display: display),
            limit: Self.patience, environment: environment)
        switch reply {
        case .success(.promptWorks(let flavour)):
            let place = display.waylandDisplay ?? display.display ?? ""
            return [
                Finding(
                    .promptWorks, .fine,
                    .text(
                        Texts.marked("A window can ask for the PIN (pinentry %1, display %2)."),
                        [.plain(flavour), .plain(place)]))
            ]
        case .success(.failed(let failure)):
            let finding = finding(failure.detail, configured: facts.configuration.pinentry)
            return [surroundings.isOnTerminal ? finding.eased : finding]
        case .failure(let error) where error.code == .deadline:
            return [noAnswer]
        case .success, .failure: return [.jobFailed(topic)]
        }
    }

    private func finding(_ reason: String, configured: String?) -> Finding {
        if reason == "no pinentry is installed" {
            return Finding(
                .noPinentry, .fault, .text(Texts.marked("No program that asks for the PIN (pinentry) is installed.")),
                command: .installPinentry)
        }
        if reason.hasSuffix("has nowhere to show itself") {
            return Finding(
                .noDisplay, .fault,
                .text(Texts.marked("The installed pinentry cannot open a window on this display.")),
                remedy: .text(Texts.marked("Install one with a window:")), command: .installPinentry)
        }
        return Finding(
            .promptFailed, .fault, .text(Texts.marked("The program that asks for the PIN fails: %1"), [.plain(reason)]),
            remedy: configured == nil ? nil : .text(Texts.marked("Correct Pinentry in eonay.conf.")),
            command: .installPinentry)
    }

    /// The caller's display, which the commands hand over, else that of the session, as systemd's user manager knows it.
    private func display(_ examination: Examination) async -> SessionDisplay {
        let own = SessionDisplay(
            environment: SessionDisplay.variables.compactMap { name in
                examination.surroundings.value(name).map { "\(name)=\($0)" }
            })
        guard own.isNowhere, let client = examination.facts.bus else { return own }
        // No answer is an answer, too: there is no such manager here.
        let answer = try? await client.bus.call(
            "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.DBus.Properties", "Get",
            [.string("org.freedesktop.systemd1.Manager"), .string("Environment")], timeout: .seconds(2),
            startsService: false)
        return SessionDisplay(environment: answer?.first?.unwrapped.elements?.compactMap(\.string) ?? [])
    }
}
