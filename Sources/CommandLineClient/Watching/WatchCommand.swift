// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import EventLoops
import Glibc
import Texts

/// `eonay watch`
struct WatchCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "watch", abstract: HelpTexts.text("Show what happens to cards, certificates and approvals."),
            discussion: HelpTexts.text(
                "Until Ctrl-C, also when the service is started anew. With --json, one object on each line."))
    }

    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        try Program.run { loop in
            let news = ServiceEvents(on: loop)
            // From here on Ctrl-C is an event.
            let signals = try UnixSignals([SIGINT, SIGTERM, SIGHUP], on: loop) { _ in news.add(.interrupted) }
            defer { signals.cancel() }
            let service = try await ServiceClient(on: loop)
            try await news.addSignals(of: service, .service)
            news.addBusEnd(of: service)
            news.addOwner(of: service)
            // Has the bus start the service; where that cannot be, its absence is an event below.
            _ = try? await service.watcher()
            let model = WatchModel()
            for await event in news.events {
                switch event {
                case .interrupted: return
                case .busGone: throw Failure(.serviceLost)
                case .owner(nil): Self.print([.serviceGone], console)
                case .owner: Self.print(try await Self.start(model, service), console)
                case .signal(let signal): Self.print(model.events(of: signal), console)
                case .tick, .patienceIsOver: break
                }
            }
        }
    }

    /// The state at the start. Where the service goes again before it answers, its going is the event.
    private static func start(_ model: WatchModel, _ service: ServiceClient) async throws -> [WatchEvent] {
        do {
            return model.start(
                try await service.watcher(startsService: false), try await service.objects(startsService: false))
        } catch let failure as Failure where [.serviceMissing, .serviceSilent].contains(failure.code) {
            return []
        }
    }

    private static func print(_ events: [WatchEvent], _ console: Console) {
        let now = Console.now
        for event in events {
            if console.isJSON {
                console.print(event.json(at: now))
            } else {
                let line = event.cell(console.texts).shown(inColour: console.output.hasColour)
                console.print("\(console.texts.timeOfDay(now))  \(line)")
            }
        }
    }
}
