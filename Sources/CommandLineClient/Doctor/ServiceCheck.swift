// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import SystemBasics
import Texts

/// Whether the service runs or can be started, and whether it starts with the session: unit, activation and autostart files.
struct ServiceCheck: Check {
    let topic = Topic.service

    func look(_ examination: Examination) async -> [Finding] {
        let facts = examination.facts
        guard let client = facts.bus else {
            return [
                Finding(
                    .noBus, .fault, .text(Texts.marked("There is no session bus here.")),
                    remedy: .text(
                        Texts.marked(
                            "Log in to a desktop or by ssh with systemd; DBUS_SESSION_BUS_ADDRESS names the bus.")))
            ]
        }
        if facts.isServiceSilent {
            return [
                Finding(
                    .serviceSilent, .fault, .text(Texts.marked("The service eonayd does not answer.")),
                    command: .restartService)
            ]
        }
        let isStartable = await isStartable(client)
        var findings: [Finding] = []
        if facts.service != nil {
            findings.append(Finding(.serviceRuns, .fine, .text(Texts.marked("The service eonayd runs."))))
        } else if isStartable {
            findings.append(
                Finding(.serviceStartable, .fine, .text(Texts.marked("The service eonayd starts when it is called."))))
        }
        if !isStartable {
            let finding = Finding(
                .noActivation, .fault,
                .text(Texts.marked("The bus cannot start eonayd: org.eonay.EOnay1.service is missing.")),
                command: .reinstall)
            findings.append(facts.service == nil ? finding : finding.eased)
        }
        return findings + files(examination.surroundings)
    }

    private func isStartable(_ client: ServiceClient) async -> Bool {
        let names = try? await client.bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListActivatableNames",
            timeout: .seconds(4))
        return names?.first?.strings.contains(Contract.busName) == true
    }

    private func files(_ surroundings: DoctorSurroundings) -> [Finding] {
        var findings: [Finding] = []
        let units = surroundings.unitFolders.map { $0 + "/eonayd.service" }
        if surroundings.hasUnits, !units.contains(where: Files.exists) {
            findings.append(
                Finding(
                    .noUnit, .warning, .text(Texts.marked("The user unit eonayd.service is missing.")),
                    command: .reinstall))
        }
        let entries = surroundings.autostartFolders.map { $0 + "/org.eonay.EOnay1.autostart.desktop" }
        if !entries.contains(where: Files.exists) {
            findings.append(
                Finding(
                    .noAutostart, .warning,
                    .text(
                        Texts.marked(
                            "Nothing starts E-Onay with the session: org.eonay.EOnay1.autostart.desktop is missing.")),
                    command: .reinstall))
        }
        return findings
    }
}

extension DoctorSurroundings {
    /// systemd.unit(5), "User Unit Search Path".
    fileprivate var unitFolders: [String] {
        [folder("XDG_CONFIG_HOME", otherwise: ".config"), folder("XDG_DATA_HOME", otherwise: ".local/share")]
            .map { $0 + "/systemd/user" }
            + ["/etc", "/run", "/usr/local/lib", "/usr/lib"].map { root + $0 + "/systemd/user" }
    }

    /// The desktop's autostart specification.
    fileprivate var autostartFolders: [String] {
        let system = (value("XDG_CONFIG_DIRS") ?? "/etc/xdg").split(separator: ":").map(String.init)
        return ([folder("XDG_CONFIG_HOME", otherwise: ".config")] + system.map { root + $0 }).map { $0 + "/autostart" }
    }
}
