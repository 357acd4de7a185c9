// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames
import Testing
import Texts

@testable import DesktopService

/// A card that no module knows, and whose certificates are read without one.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct DriverlessCardTests {
    private static let akis2: [UInt8] = [
        0x3B, 0x9F, 0x96, 0x81, 0x31, 0xFE, 0x45, 0x80, 0x65, 0x54, 0x43, 0x12, 0x21, 0x08, 0x31, 0xC0, 0x73, 0xF6,
        0x21, 0x80, 0x81, 0x05, 0x9A,
    ]

    @ServiceLoop
    private final class Bench {
        let scheduler = ManualScheduler()
        let watcher = FakeWatcher()
        let jobs = FakeJobs()
        let cards: Cards
        private(set) var changes: [String] = []

        init() {
            let reading = CardReading(jobs: jobs, configuration: Self.configuration())
            cards = Cards(
                watcher, reading: reading, session: SessionWatch(nil, scheduler: scheduler), scheduler: scheduler,
                log: Log { _ in })
            cards.report = { [weak self] in self?.took($0) }
            cards.start(on: ServiceLoop.loop)
        }

        static func configuration(readsWithoutDriver: Bool = true) -> CardReading.Configuration {
            .init(modules: [], discover: true, readsWithoutDriver: readsWithoutDriver, deadline: .seconds(5))
        }

        /// The answers from now on: of the module, and of the reading without one.
        func answer(_ module: TokenReply, _ direct: TokenReply = .listed(.holding("a", pinState: .unknown))) {
            jobs.answer { (request: TokenRequest) in
                switch request {
                case .modules: [.modules(["/fake.so"], folders: [])]
                case .read: [direct]
                default: [module]
                }
            }
        }

        func insert(_ atr: [UInt8] = DriverlessCardTests.akis2) async -> [String] {
            watcher.show(.present(atr: atr, insertion: 1))
            return await news()
        }

        var directReadings: Int { jobs.asked.filter { if case .read = $0 { true } else { false } }.count }

        private func took(_ change: CardChange) {
            if let word = change.cardWord { changes.append(word) }
        }

        func news() async -> [String] {
            await scheduler.settle()
            defer { changes = [] }
            return changes
        }
    }

    @Test(arguments: [
        (TokenReply.listed(nil), ErrorName.noModule),
        (.failed(JobFailure(.moduleUnusable, "libssl.so.1.1: cannot open")), .moduleUnusable),
        (.failed(JobFailure(.tokenFailed, "CKR_FUNCTION_FAILED C_OpenSession", module: .definite)), .noModule),
    ])
    func whereNoModuleReadsItItsCertificatesAreReadAndItsDriverIsNamed(
        _ module: TokenReply, _ reason: ErrorName
    ) async {
        let bench = Bench()
        bench.answer(module)
        #expect(await bench.insert() == ["inserted 1", "read 1 [\"a\"] news"])
        let token = bench.cards.token(1)
        #expect(token?.missingDriver == reason && token?.error == nil && token?.module == "")
        #expect(token?.family == .akis && token?.neededDriver?.package == "akia")
        await bench.cards.end()
    }

    @Test func aDriverThatComesTakesOverAndThatIsNews() async {
        let bench = Bench()
        bench.answer(.listed(nil))
        _ = await bench.insert()
        bench.answer(.listed(.holding("a")))
        bench.cards.use(.init(modules: ["/new.so"], discover: true, deadline: .seconds(5)))
        #expect(await bench.news() == ["read 1 [\"a\"] news"])
        let token = bench.cards.token(1)
        #expect(token?.missingDriver == nil && token?.module == "/fake.so" && token?.neededDriver == nil)
        #expect(bench.directReadings == 1)
        await bench.cards.end()
    }

    @Test func turnedOffItIsNotDoneAndWhatWasReadSoIsForgotten() async {
        let bench = Bench()
        bench.answer(.listed(nil))
        _ = await bench.insert()
        bench.cards.use(Bench.configuration(readsWithoutDriver: false))
        #expect(await bench.news() == ["removed 1 [\"a\"]", "inserted 2", "failed 2 NoModule news"])
        #expect(bench.directReadings == 1 && bench.cards.token(holding: "a") == nil)
        #expect(bench.cards.token(2)?.neededDriver?.package == "akia")
        bench.cards.use(Bench.configuration())
        #expect(await bench.news() == ["read 2 [\"a\"] news"])
        await bench.cards.end()
    }

    @Test func noOtherCardIsReadSoNorOneThatAModuleKnowsOrThatIsHeld() async {
        let others: [(TokenReply, [UInt8])] = [
            (.listed(nil), [0x3B]), (.listed(.holding()), Self.akis2), (.listed(.holding("b")), Self.akis2),
            (.failed(JobFailure(.tokenBusy)), Self.akis2), (.failed(JobFailure(.limitExceeded)), Self.akis2),
            (.failed(JobFailure(.ambiguousReader)), Self.akis2),
        ]
        for (reply, atr) in others {
            let bench = Bench()
            bench.answer(reply)
            _ = await bench.insert(atr)
            #expect(bench.directReadings == 0)
            await bench.cards.end()
        }
    }

    @Test(arguments: [
        TokenReply.listed(nil), .listed(.holding()), .failed(JobFailure(.tokenFailed, "too slow a card")),
    ])
    func whereThatFailsTheModulesWordStands(_ direct: TokenReply) async {
        let bench = Bench()
        bench.answer(.listed(nil), direct)
        #expect(await bench.insert().last == "failed 1 NoModule news")
        await bench.cards.end()
    }

    @Test func aCardThatAnotherProgramTookMeanwhileIsReadLater() async {
        let bench = Bench()
        bench.answer(.listed(nil), .failed(JobFailure(.tokenBusy)))
        #expect(await bench.insert().last == "failed 1 TokenBusy news")
        bench.answer(.listed(nil))
        bench.scheduler.advance(by: .seconds(1))
        #expect(await bench.news() == ["read 1 [\"a\"] news"])
        await bench.cards.end()
    }

    @Test func anApprovalIsRefusedByTheMissingDriver() async {
        let bench = Bench()
        bench.answer(.listed(nil))
        _ = await bench.insert()
        let registry = CertificateRegistry()
        registry.take([.ending("a")], at: 1_800_000_000)
        let situation = CardSituation(for: "a", among: bench.cards, registry)
        #expect(situation.card?.facts.missingDriver == ApprovalFailure(.noModule, detail: "akis"))
        await bench.cards.end()
    }

    @Test func theNoticeSaysWhatToInstallAndOpensThePage() {
        let words = NoticeTexts(texts: .init(.english))
        let trouble = words.cardTrouble(reader: "R", error: .noModule, heldBy: "", family: .akis)
        #expect(trouble.body.hasPrefix("This is an AKİS card, and its driver is not installed.\nInstall AKİA 6.8.10"))
        #expect(trouble.buttons.map(\.action) == [.driver(.akis)])
        #expect(words.cardTrouble(reader: "R", error: .noModule, heldBy: "", family: .safeSign).buttons.isEmpty)
        #expect(words.cardTrouble(reader: "R", error: .moduleUnusable, heldBy: "", family: .akis).buttons.isEmpty)
        // Also from the history of a notification server.
        #expect(Notice.Action(id: "driver:akis", on: nil) == .driver(.akis))
        #expect(Notice.Action(id: "driver:https://example.org", on: nil) == nil)
    }
}
