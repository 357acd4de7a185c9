// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
import EventLoops
import SystemBasics
public import Texts

/// The reports of the settings.
enum SettingsChange: Sendable {
    /// The mistakes in the files have changed, or the language in which they are described.
    case issues
    case configuration(before: DesktopConfiguration)
}

/// The configuration as it is now: it may change while the service runs.
final class Settings {
    private let source: (any ConfigurationSource)?
    private let log: Log
    var report: (SettingsChange) -> Void = { _ in }

    private(set) var configuration: DesktopConfiguration
    private(set) var issues: [ConfigurationIssue]
    /// In the language and for the zone that are configured.
    private(set) var texts: Texts

    /// - Parameter source: where it comes from, to be read again when it changes; nil: it stays.
    init(
        _ configuration: DesktopConfiguration, issues: [ConfigurationIssue], texts: Texts,
        source: (any ConfigurationSource)?, log: Log
    ) {
        (self.configuration, self.issues, self.texts) = (configuration, issues, texts)
        (self.source, self.log) = (source, log)
    }

    /// From now on changes are taken up; one that came since the start, too.
    func watch(on loop: EventLoop) {
        guard let source else { return }
        let me = LoopBound(self, on: loop)
        do {
            try source.watch(on: loop) { me.value.readAgain() }
        } catch {
            log.warning("a changed configuration will not be noticed: \(error), continuing")
        }
        readAgain()
    }

    func stop() { source?.stop() }

    private func readAgain() {
        guard let (configuration, issues) = source?.read() else { return }
        if issues != self.issues {
            for issue in issues where !self.issues.contains(issue) { log.warning("\(issue)") }
            self.issues = issues
            report(.issues)
        }
        let before = self.configuration
        guard configuration != before else { return }
        self.configuration = configuration
        log.info("the configuration has changed")
        if configuration.locale != before.locale || configuration.timeZone != before.timeZone {
            texts = Texts(configuration)
            report(.issues)
        }
        report(.configuration(before: before))
    }
}

extension DesktopConfiguration {
    /// The portal that a caller names; without a name the first.
    func portal(named name: String?) throws(ServiceError) -> Origin {
        let origins = portals.map(\.origin)
        guard let name else {
            guard let first = origins.first else { throw ServiceError(.portalNotConfigured) }
            return first
        }
        guard let origin = try? Origin(name), origins.contains(origin) else { throw ServiceError(.portalNotConfigured) }
        return origin
    }
}

extension Texts {
    /// In the language and for the zone that are configured.
    public init(_ configuration: DesktopConfiguration) {
        let language = configuration.locale.map { Language(locale: $0) } ?? Language.ofThisProcess()
        self.init(language, zone: Zone(named: configuration.timeZone) ?? .istanbul)
    }
}
