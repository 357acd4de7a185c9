// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import EventLoops
import Glibc
import Synchronization
import SystemBasics
import TestBench
import Testing
import Texts

@testable import DesktopService

/// The settings, with a source that the test plays, and with files.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct SettingsTests {
    private func settings(_ source: FakeConfiguration?, log: Log = Log { _ in }) -> Settings {
        Settings(DesktopConfiguration(), issues: [], texts: Texts(.english), source: source, log: log)
    }

    @Test func aChangeIsReportedWithWhatWasBefore() {
        let source = FakeConfiguration()
        let settings = settings(source)
        var changes: [String] = []
        settings.report = { change in
            switch change {
            case .issues: changes.append("issues")
            case .configuration(let before): changes.append("configuration \(before.listDeadline)")
            }
        }
        settings.watch(on: ServiceLoop.loop)
        #expect(changes.isEmpty)
        source.change { $0.listDeadline = 7 }
        #expect(changes == ["configuration 20"] && settings.configuration.listDeadline == 7)
        // The language of the issues follows the locale.
        source.change { $0.locale = "tr_TR.UTF-8" }
        #expect(changes.suffix(2) == ["issues", "configuration 7"] && settings.texts.language == .turkish)
        settings.stop()
        source.change { $0.listDeadline = 8 }
        #expect(changes.count == 3)
    }

    @Test func aMistakeIsReportedAndLoggedOnce() {
        let source = FakeConfiguration()
        let lines = Mutex<[String]>([])
        let settings = settings(source, log: Log { line in lines.withLock { $0.append(line) } })
        var changes = 0
        settings.report = { _ in changes += 1 }
        settings.watch(on: ServiceLoop.loop)
        let issue = ConfigurationIssue(file: "eonay.conf", line: 3, problem: .unknownGroup("Tokenz"))
        source.set(issues: [issue])
        source.set(issues: [issue])
        #expect(changes == 1 && settings.issues == [issue])
        #expect(lines.withLock { $0.count } == 1)
    }

    @Test func aSourceThatCannotBeWatchedIsReadOnce() {
        let source = FakeConfiguration()
        source.refuse()
        let settings = settings(source)
        source.change { $0.listDeadline = 7 }
        settings.watch(on: ServiceLoop.loop)
        #expect(settings.configuration.listDeadline == 7)
        let fixed = self.settings(nil)
        fixed.watch(on: ServiceLoop.loop)
        fixed.stop()
        #expect(fixed.configuration == DesktopConfiguration())
    }

    @Test func aCallerNamesAConfiguredPortalOrMeansTheFirst() throws {
        var configuration = DesktopConfiguration()
        #expect(throws: ServiceError(.portalNotConfigured)) { try configuration.portal(named: nil) }
        let origins = try ["https://a.example.org", "https://b.example.org"].map { try Origin($0) }
        configuration.portals = origins.map { ConfiguredPortal(name: "p", origin: $0) }
        #expect(try configuration.portal(named: nil) == origins[0])
        #expect(try configuration.portal(named: "https://b.example.org") == origins[1])
        for name in ["https://c.example.org", "", "not an origin"] {
            #expect(throws: ServiceError(.portalNotConfigured)) { try configuration.portal(named: name) }
        }
    }

    // MARK: - Files

    @Test func theStrongestFileCountsAndAMissingOneSaysNothing() async throws {
        let folder = try TemporaryFolder()
        let strong = try folder.write("strong.conf", "[Tokens]\nListDeadline=5\n")
        let weak = try folder.write("weak.conf", "[Tokens]\nListDeadline=6\nDiscover=false\nNonsense=1\n")
        let files = ConfigurationFiles([strong, folder.file("missing.conf"), weak, strong + "/below"])
        let (configuration, issues) = files.read()
        #expect(configuration.listDeadline == 5 && !configuration.discoversModules)
        #expect(issues.map(\.file) == [weak] && issues.map(\.line) == [4])
    }

    @Test func aFileThatCannotBeReadIsAnIssue() throws {
        let folder = try TemporaryFolder()
        let large = try folder.write("large.conf", String(repeating: "#", count: 1 << 20 + 1))
        let issues = ConfigurationFiles([try folder.makeFolder("folder"), large]).read().issues
        #expect(issues.map(\.problem) == [.unreadable(EISDIR), .tooLarge])
    }

    @Test func aFileThatIsWrittenIsNoticed() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("eonay.conf", "")
        let files = ConfigurationFiles([path])
        let settings = Settings(
            DesktopConfiguration(), issues: [], texts: Texts(.english), source: files, log: Log { _ in })
        settings.watch(on: ServiceLoop.loop)
        await withCheckedContinuation { continuation in
            settings.report = { change in
                if case .configuration = change { continuation.resume() }
            }
            _ = try? folder.write("eonay.conf", "[Tokens]\nListDeadline=5\n")
        }
        #expect(settings.configuration.listDeadline == 5)
        settings.stop()
    }

    // MARK: - Sentences

    @Test func eachMistakeHasASentenceOfItsOwn() {
        let rules: [ConfigurationProblem.Rule] = [
            .flag, .number(1...600), .numbers(0...9), .path, .paths, .locale, .zone, .origin, .text,
        ]
        let insteads: [ConfigurationProblem.Instead] = [
            .value("20"), .none, .noPortal, .ofTheSession, .ofTheSystem,
        ]
        let problems: [ConfigurationProblem] =
            [
                .line(.notUTF8), .line(.noKey), .line(.noGroup), .line(.tooLong), .unknownGroup("G"),
                .unknownKey("K", group: "G"), .repeated("K", group: "G", line: 4), .noOrigin(group: "G"),
                .repeatedOrigin(group: "G"), .invalidPage("K", group: "G"), .unreadable(13), .tooLarge,
            ] + rules.map { .invalid("K", group: "G", rule: $0, instead: .none) }
            + insteads.dropFirst(2).map { .invalid("K", group: "G", rule: .flag, instead: $0) }
            + [.invalid("K", group: "G", rule: .flag, instead: insteads[0])]
        for language in [Language.turkish, .english] {
            let sentences = problems.map { Texts(language).sentence(for: $0) }
            #expect(Set(sentences).count == problems.count && !sentences.contains(""))
        }
    }
}

/// A configuration in the test's hand.
final class FakeConfiguration: ConfigurationSource {
    private struct State {
        var configuration = DesktopConfiguration()
        var issues: [ConfigurationIssue] = []
        var handler: (@Sendable () -> Void)?
        var refuses = false
    }

    private let state: Mutex<State>

    init(_ configuration: DesktopConfiguration = DesktopConfiguration()) {
        state = Mutex(State(configuration: configuration))
    }

    /// It cannot be watched.
    func refuse() { state.withLock { $0.refuses = true } }

    /// To be called on the loop once it is watched, as the next one.
    func change(_ change: @Sendable (inout DesktopConfiguration) -> Void) {
        state.withLock { state in
            change(&state.configuration)
            return state.handler
        }?()
    }

    func set(issues: [ConfigurationIssue]) {
        state.withLock { state in
            state.issues = issues
            return state.handler
        }?()
    }

    func read() -> (configuration: DesktopConfiguration, issues: [ConfigurationIssue]) {
        state.withLock { ($0.configuration, $0.issues) }
    }

    func watch(on loop: EventLoop, _ handler: @escaping @Sendable () -> Void) throws(SystemError) {
        if state.withLock({ $0.refuses }) { throw SystemError(code: ENOSPC, call: "inotify_add_watch") }
        state.withLock { $0.handler = handler }
    }

    func stop() { state.withLock { $0.handler = nil } }
}
