// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames
import Synchronization
import Testing

@testable import DesktopService

/// The cards, with a watcher and jobs that the test plays.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct CardsTests {
    @ServiceLoop
    private final class Bench {
        let scheduler = ManualScheduler()
        let watcher = FakeWatcher()
        let jobs = FakeJobs()
        let cards: Cards
        private(set) var changes: [String] = []

        init(confines: Bool = true) {
            let reading = CardReading(
                jobs: jobs,
                configuration: CardReading.Configuration(
                    modules: [], discover: true, confines: confines, deadline: .seconds(5)))
            cards = Cards(
                watcher, reading: reading, session: SessionWatch(nil, scheduler: scheduler), scheduler: scheduler,
                log: Log { _ in })
            cards.report = { [weak self] in self?.took($0) }
            show(TokenDescription.holding("a"))
            cards.start(on: ServiceLoop.loop)
        }

        /// The one module's answer about every card from now on.
        func show(_ card: TokenDescription) {
            jobs.answer { (request: TokenRequest) in
                guard case .modules = request else { return [.listed(card)] }
                return [Self.modules]
            }
        }

        func fail(_ failure: JobFailure) {
            jobs.answer { (request: TokenRequest) in
                guard case .modules = request else { return [.failed(failure)] }
                return [Self.modules]
            }
        }

        private nonisolated static var modules: TokenReply {
            .modules(["/fake.so"], folders: [])
        }

        private func took(_ change: CardChange) {
            switch change {
            case .watcher(let hasNewState, let hasNewReaders):
                changes.append("watcher\(hasNewState ? " state" : "")\(hasNewReaders ? " readers" : "")")
            case .inserted, .removed, .read, .failed: changes += [change.cardWord].compactMap(\.self)
            case .pinState(let token): changes.append("pin \(token.pinState.rawValue)")
            case .settled: break
            case .readiness: changes.append("ready")
            }
        }

        /// The reports since the last call.
        func news() async -> [String] {
            await scheduler.settle()
            defer { changes = [] }
            return changes
        }
    }

    @Test func aCardIsReadAndGoes() async {
        let bench = Bench()
        bench.watcher.show(.none)
        #expect(await bench.news() == ["watcher state readers", "ready"])
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        #expect(await bench.news() == ["inserted 1", "ready", "read 1 [\"a\"] news", "ready"])
        #expect(bench.cards.isReady && bench.cards.token(holding: "a")?.number == 1)
        bench.watcher.show(.none)
        #expect(await bench.news() == ["removed 1 [\"a\"]"])
        #expect(bench.cards.token(holding: "a") == nil && bench.cards.absence == .noToken)
        await bench.cards.end()
    }

    @Test(arguments: [true, false])
    func aModuleIsConfinedUnlessTheConfigurationFreesIt(confines: Bool) async {
        let bench = Bench(confines: confines)
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        _ = await bench.news()
        let asked = bench.jobs.asked.compactMap { if case .list(let request) = $0 { request.confines } else { nil } }
        #expect(asked == [confines])
        await bench.cards.end()
    }

    @Test func anotherInsertionIsAnotherToken() async {
        let bench = Bench()
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        _ = await bench.news()
        bench.watcher.show(.present(atr: [0x3B], insertion: 2))
        #expect(await bench.news().prefix(2) == ["removed 1 [\"a\"]", "inserted 2"])
        #expect(bench.cards.token(holding: "a")?.number == 2)
        await bench.cards.end()
    }

    @Test func aBusyCardIsReadAgainLessAndLessOften() async {
        let bench = Bench()
        bench.fail(JobFailure(.tokenBusy))
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        #expect(await bench.news().contains("failed 1 TokenBusy news"))
        #expect(bench.cards.token(1)?.heldBy == "holder (1)" && bench.cards.trouble == .tokenBusy)
        for seconds: Int64 in [1, 2, 4] {
            #expect(bench.scheduler.next == .seconds(seconds))
            bench.scheduler.advance(by: .seconds(seconds))
            #expect(await bench.news() == ["failed 1 TokenBusy"])
        }
        bench.show(.holding("a"))
        bench.scheduler.advance(by: .seconds(8))
        #expect(await bench.news() == ["read 1 [\"a\"] news"])
        #expect(bench.scheduler.next == nil)
        await bench.cards.end()
    }

    @Test func aCardThatDoesNotAnswerOrIsHeldIsReported() async {
        let bench = Bench()
        bench.watcher.show(.mute(insertion: 1))
        #expect(await bench.news().contains("failed 1 TokenFailed news"))
        bench.watcher.show(.exclusive(atr: [0x3B], insertion: 2))
        #expect(await bench.news().contains("failed 2 TokenBusy news"))
        #expect(bench.cards.token(2)?.heldBy == "holder (1)")
        await bench.cards.end()
    }

    @Test func aModuleAloneIsNotBelievedAboutARemoval() async {
        let bench = Bench()
        bench.fail(JobFailure(.tokenRemoved))
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        _ = await bench.news()
        // A second look, after PC/SC had the time to say so, too.
        bench.scheduler.advance(by: Cards.removalPatience)
        #expect(await bench.news().contains("failed 1 TokenFailed news"))
        await bench.cards.end()
    }

    @Test func anEmptyCardIsSaidOnce() async {
        let bench = Bench()
        bench.show(.holding())
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        #expect(await bench.news().contains("read 1 [] news"))
        #expect(bench.cards.token(1)?.error == .noCertificate)
        bench.cards.use(salt: [1])
        #expect(await bench.news() == ["read 1 []"])
        await bench.cards.end()
    }

    @Test func aWrongPINIsRememberedUntilARightOne() async {
        let bench = Bench()
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        _ = await bench.news()
        #expect(bench.cards.pinWasWrong(.unknown, for: "a") == ["a": .countLow])
        #expect(await bench.news() == ["pin count-low"])
        // The card says that all is well, in the next reader too.
        bench.watcher.show(.present(atr: [0x3B], insertion: 2))
        _ = await bench.news()
        #expect(bench.cards.token(holding: "a")?.pinState == .countLow)
        #expect(bench.cards.pinWasRight(for: "a") == ["a"])
        #expect(await bench.news() == ["pin ok"])
        #expect(bench.cards.pinWasRight(for: "a").isEmpty)
        await bench.cards.end()
    }

    @Test func whatTheRecordHoldsOfAPINCounts() async {
        let bench = Bench()
        bench.cards.load(["a": .locked], isAdding: false)
        bench.watcher.show(.present(atr: [0x3B], insertion: 1))
        _ = await bench.news()
        // A lock can be undone without our seeing it: the card gets its last try.
        #expect(bench.cards.token(holding: "a")?.pinState == .finalTry)
        bench.cards.load(["b": .countLow], isAdding: true)
        #expect(bench.cards.pinStates == ["a": .locked, "b": .countLow])
        await bench.cards.end()
    }

    @Test(arguments: [
        (CardSnapshot.Service.noService, ErrorName.cardServiceMissing), (.noReader, .noReader),
        (.denied, .accessDenied),
    ])
    func theWatchersTroubleIsNamed(_ state: CardSnapshot.Service, _ error: ErrorName) async {
        let bench = Bench()
        bench.watcher.show(CardSnapshot(service: state))
        #expect(await bench.news() == ["watcher state", "ready"])
        #expect(bench.cards.watcherError == error && bench.cards.absence == error)
        bench.cards.lookAgainIfDenied()
        #expect(bench.watcher.retries == (state == .denied ? 1 : 0))
        await bench.cards.end()
    }

    @Test func onlyDriversAreOfInterest() {
        for name in ["opensc-pkcs11.so", "libssl.so.1.1", "akis.module", "pkcs11.conf", "ld.so.cache"] {
            #expect(ModuleFolders.mayBeDriver(name))
        }
        for name in ["akis.log", "readme.1", "x.so.d"] { #expect(!ModuleFolders.mayBeDriver(name)) }
    }

    @Test func anInstallationIsLookedAtWhenItRests() {
        var delay = ModuleDelay()
        let now = ContinuousClock.now
        #expect(delay.next(at: now) == .milliseconds(300))
        #expect(delay.next(at: now + .milliseconds(300)) == .milliseconds(600))
        #expect(delay.next(at: now + .seconds(60)) == .milliseconds(300))
    }
}

/// A watcher in the test's hand: one reader.
final class FakeWatcher: CardWatcher {
    let snapshots: AsyncStream<CardSnapshot>
    private let continuation: AsyncStream<CardSnapshot>.Continuation
    private let count = Mutex(0)

    init() { (snapshots, continuation) = AsyncStream.makeStream() }

    var isServiceInstalled: Bool { false }
    var retries: Int { count.withLock { $0 } }

    func show(_ snapshot: CardSnapshot) { continuation.yield(snapshot) }

    func show(_ card: CardPresence) {
        show(CardSnapshot(service: .watching, readers: [ReaderState(name: "Deneme 00 00", card: card)]))
    }

    func start() {}
    func retry() { count.withLock { $0 += 1 } }
    func holder(of reader: String) -> String { "holder (1)" }
    func stop() { continuation.finish() }
}

extension CardChange {
    /// The change as the tests write it; nil where it is about no card's coming, going or reading.
    var cardWord: String? {
        switch self {
        case .inserted(let token): "inserted \(token.number)"
        case .removed(let token, let certificates): "removed \(token.number) \(certificates)"
        case .read(let token, let isNews): "read \(token.number) \(token.certificates)\(isNews ? " news" : "")"
        case .failed(let token, let isNews):
            "failed \(token.number) \(token.error?.rawValue ?? "")\(isNews ? " news" : "")"
        case .pinState, .watcher, .settled, .readiness: nil
        }
    }
}
