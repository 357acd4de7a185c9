// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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
            let watch = try WatchNews(on: loop)
            let service = try await ServiceClient(on: loop)
            try await watch.listen(to: service)
            // Has the bus start the service; where that cannot be, its absence is told below and waited for.
            _ = try? await service.watcher()
            let model = WatchModel()
            for await news in watch.news {
                switch news {
                case .interrupted: return
                case .busGone: throw Failure(.serviceLost)
                case .owner(nil): Self.tell([.serviceGone], console)
                case .owner: Self.tell(try await Self.start(model, service), console)
                case .signal(let signal): Self.tell(model.events(of: signal), console)
                }
            }
        }
    }

    /// How things stand; what the service cannot say because it goes again is told by its going.
    private static func start(_ model: WatchModel, _ service: ServiceClient) async throws -> [WatchEvent] {
        do {
            return model.start(
                try await service.watcher(startsService: false), try await service.objects(startsService: false))
        } catch let failure as Failure where [.serviceMissing, .serviceSilent].contains(failure.code) {
            return []
        }
    }

    private static func tell(_ events: [WatchEvent], _ console: Console) {
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
