// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BusContract
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay tokens`
struct TokensCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "tokens",
            abstract: HelpTexts.text("Show the readers, the cards in them, and their problems."))
    }

    @OptionGroup var common: CommonOptions

    @Option(
        help: .text(
            "Have this driver (the path of a PKCS#11 module) look at each card, and show its output without personal data."
        ))
    var diagnose: String?

    func run(_ service: ServiceClient, _ console: Console) async throws {
        if let diagnose { return try await ModuleDiagnosis.run(diagnose, service, console) }
        let isComplete = try await console.waitForCards(service)
        let (watcher, objects) = (try await service.watcher(), try await service.objects())
        if console.isJSON { return console.print(Self.json(watcher, objects), isComplete: isComplete) }
        if let trouble = watcher.trouble {
            let text = console.texts.error(trouble)
            return console.print(sentence: "\(text.what) \(text.remedy)")
        }
        console.print(Self.table(watcher, objects, console.texts))
        for token in objects.tokens where !token.error.isEmpty || token.isReadWithoutDriver {
            console.print(sentence: Self.trouble(token, console.texts))
            for problem in token.moduleProblems {
                console.print(sentence: "\(ShowableText.line(problem.file)): \(Self.reason(problem, console.texts))")
            }
        }
    }

    /// A row for each reader; one without a card says so.
    private static func table(_ watcher: WatcherStatus, _ objects: ServiceSnapshot, _ texts: Texts) -> Table {
        let words = Words(texts: texts)
        var table = Table([
            .init(texts.text("READER"), wrapsTo: 12), .init(texts.text("CARD"), wrapsTo: 10),
            .init(texts.text("CERTIFICATES")), .init(texts.text("PIN")), .init(texts.text("STATE"), wrapsTo: 12),
        ])
        let ids = ShortIDs(objects.certificates.map(\.id))
        for token in objects.tokens {
            let certificates = token.certificates.compactMap { objects.certificate(at: $0) }.map { ids.short($0.id) }
            table.add([
                Cell(token.reader), Cell(token.kind),
                Cell(certificates.joined(separator: " ")), words.pinState(token.pinState),
                state(token, texts),
            ])
        }
        for reader in watcher.readers where !objects.tokens.contains(where: { $0.reader == reader }) {
            table.add([Cell(reader), Cell(texts.text("no card"), .faint), "", "", ""])
        }
        return table
    }

    private static func state(_ token: ServiceToken, _ texts: Texts) -> Cell {
        if token.isReadWithoutDriver { return Cell(texts.text("read, without a driver"), .good) }
        return token.error.isEmpty
            ? Cell(texts.text("read"), .good)
            : Cell(token.error.explained(texts, ofCard: true, family: token.family).what, .bad)
    }

    /// In words, and as the loader said it, which is what people search for.
    private static func reason(_ problem: ServiceToken.ModuleProblem, _ texts: Texts) -> String {
        let (words, reason) = (texts.loading(problem.reason), ShowableText.line(problem.reason))
        return words == problem.reason ? reason : "\(ShowableText.line(words)) (\(reason))"
    }

    private static func trouble(_ token: ServiceToken, _ texts: Texts) -> String {
        if token.isReadWithoutDriver, let family = token.family {
            return "\(ShowableText.line(token.reader)): \(texts.readWithoutDriver(family))"
        }
        let text = token.error.explained(texts, ofCard: true, family: token.family)
        let holder = token.heldBy.isEmpty ? "" : " " + texts.text("It is held by: %1.", ShowableText.line(token.heldBy))
        return "\(ShowableText.line(token.reader)): \(text.what)\(holder) \(text.remedy)"
    }

    private static func json(_ watcher: WatcherStatus, _ objects: ServiceSnapshot) -> JSON {
        [
            "watcher": .string(watcher.state), "readers": .texts(watcher.readers),
            "tokens": .array(
                objects.tokens.map { token in
                    [
                        "reader": .string(token.reader), "label": .optional(token.label),
                        "manufacturer": .optional(token.manufacturer), "model": .optional(token.model),
                        "atr": .string(Hexadecimal.text(token.atr)), "pin_state": .string(token.pinState),
                        "keypad": .bool(token.hasKeypad),
                        "certificates": .texts(token.certificates.compactMap { objects.certificate(at: $0)?.id }),
                        "family": .optional(token.familyWord), "driver": .optional(token.driver),
                        "driver_page": .optional(token.driverPage),
                        "error": .optional(token.error.name), "held_by": .optional(token.heldBy),
                        "module_problems": .array(
                            token.moduleProblems.map { ["module": .string($0.file), "reason": .string($0.reason)] }),
                    ]
                }),
        ]
    }
}
