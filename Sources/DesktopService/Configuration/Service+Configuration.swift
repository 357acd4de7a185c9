// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
public import EOnayCore
import EventLoops
import SystemBasics
public import Texts

/// The configuration changes while the service runs.
extension Service {
    /// From now on changes are taken up; one that came since the start, too.
    func watchConfiguration() {
        guard let source = parts.configurationSource else { return }
        do {
            try source.watch(on: loop) { [weak self] in self?.assumeIsolated { $0.configurationMayHaveChanged() } }
        } catch {
            parts.log.warning("a changed configuration will not be noticed: \(error), continuing")
        }
        configurationMayHaveChanged()
    }

    private func configurationMayHaveChanged() {
        guard !isEnding, let source = parts.configurationSource else { return }
        let (configuration, issues) = source.read()
        if issues != parts.configurationIssues {
            for issue in issues where !parts.configurationIssues.contains(issue) { parts.log.warning("\(issue)") }
            parts.configurationIssues = issues
            rootChanged([.configurationIssues])
        }
        let old = parts.configuration
        guard configuration != old else { return }
        parts.configuration = configuration
        parts.log.info("the configuration has changed")
        take(configuration, instead: old)
    }

    /// What runs goes on as it began; all that begins from now on is by the new one.
    private func take(_ configuration: DesktopConfiguration, instead old: DesktopConfiguration) {
        if configuration.locale != old.locale || configuration.timeZone != old.timeZone {
            parts.texts = Texts(configuration)
            // What is wrong is told in the service's language.
            rootChanged([.configurationIssues])
        }
        if configuration.portals.map(\.origin) != old.portals.map(\.origin) { rootChanged([.portals]) }
        if configuration.renewalWindow != old.renewalWindow { rootChanged([.renewalDays]) }
        cards.use(.init(configuration))
        reminders = ReminderSchedule(planner: configuration.reminderPlanner, registry: registry)
        if old.notificationsEnabled, !configuration.notificationsEnabled { takeNoticesAway() }
        review()
        let standing = reminderNotice?.certificates ?? []
        if !standing.isEmpty, !old.notificationsEnabled, configuration.notificationsEnabled {
            showReminder(of: standing)
        } else {
            refreshReminderOffers()
        }
        tidyLater()
    }
}

extension Texts {
    /// In the language and for the zone that are configured.
    public init(_ configuration: DesktopConfiguration) {
        let language = configuration.locale.map { Language(locale: $0) } ?? Language.ofThisProcess()
        self.init(language, zone: Zone(named: configuration.timeZone) ?? .istanbul)
    }
}
