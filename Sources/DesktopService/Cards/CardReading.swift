// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames

/// Finds out what is on a card: one job per module, until one shows a certificate (docs/decisions/0005).
///
/// Lives on the service's loop. The module that last knew a card of the same kind (by its ATR) is tried first, so that the usual card
/// costs one job. A module that fails is no reason to ask no other one, and none is believed about a card's removal: PC/SC alone knows.
final class CardReading {
    /// A card, and what is in the other readers while it is read.
    struct Card {
        var reader: ReaderName
        var atr: [UInt8]
        /// The other cards.
        var rivals: [Rival] = []
    }

    /// Another card. `certificates` and `module` are empty while it is not known.
    struct Rival {
        var reader: ReaderName
        var atr: [UInt8]
        var certificates: [String]
        var module: String

        init(_ token: CardToken) {
            (reader, atr) = (token.reader, token.atr)
            (certificates, module) = (token.certificates, token.module)
        }

        /// As a job is told that asks this module.
        func described(to module: String, kin: [String]) -> RivalReader {
            RivalReader(
                name: reader.octets, certificates: certificates,
                isKnownToModule: !module.isEmpty && module == self.module,
                kin: kin)
        }
    }

    /// The result of reading one card.
    struct Outcome: Equatable {
        enum Result: Equatable {
            /// A module knows the card.
            case read(TokenDescription, module: String)
            /// None does, and its certificates were read without one. Why none does, and the driver is missing for a signature.
            case readWithoutModule(TokenDescription, because: ErrorName)
            /// No module knows it, or those that might have failed.
            case failed(JobFailure)
        }

        var result: Result
        /// The modules that could not be loaded.
        var problems: [ModuleProblem]
    }

    private let jobs: any JobLauncher
    private var configuration: Configuration
    private var identitySalt: [UInt8] = []
    /// Nil where they have to be looked for.
    private var modules: [String]?
    /// Why they could not be looked for.
    private var failureToLook: JobFailure?
    private var moduleByATR: [[UInt8]: String] = [:]
    private var certificatesByATR: [[UInt8]: [String]] = [:]
    /// Where a module that is installed later would appear, told when that is found out or has changed.
    var foldersFound: (([String]) -> Void)?

    struct Configuration: Sendable, Equatable {
        var modules: [String]
        var discover: Bool
        var confines = true
        var readsWithoutDriver = true
        var deadline: Duration
    }

    /// The certificates of one kind of card that are remembered: more than a household or an office has.
    private static let mostKin = 256

    init(jobs: any JobLauncher, configuration: Configuration) {
        self.jobs = jobs
        self.configuration = configuration
    }

    /// Reads by another configuration from now on; whether that makes a difference.
    func take(_ configuration: Configuration) -> Bool {
        guard configuration != self.configuration else { return false }
        self.configuration = configuration
        modules = nil
        moduleByATR = [:]
        return true
    }

    /// Has identity keys made with this salt. Returns whether it is another one.
    func use(_ salt: [UInt8]) -> Bool {
        defer { identitySalt = salt }
        return salt != identitySalt
    }

    /// Looks for modules now, so that the first card need not wait for it.
    func prepare() async {
        _ = await knownModules()
    }

    /// Something has changed where modules lie: the next card's are looked for anew.
    func forgetModules() { modules = nil }

    /// Reads the card. Takes at most two deadlines per module.
    func read(_ card: Card) async -> Outcome {
        var trial = Trial()
        let isFresh = modules == nil
        for module in modulesToTry(for: card.atr, among: await knownModules()) where !trial.isRead {
            await trial.take(ask(module, about: card), of: module)
        }
        // A driver may have been installed in a folder that is not watched. The program that holds the card will not hold it for ever.
        if !trial.isRead, !isFresh, !trial.isBusy {
            modules = nil
            for module in await knownModules() where !trial.isRead && !trial.modules.contains(module) {
                await trial.take(ask(module, about: card), of: module)
            }
        }
        if trial.modules.isEmpty, let failureToLook { return Outcome(result: .failed(failureToLook), problems: []) }
        if trial.isOpen, let token = await readWithoutModule(card, &trial) {
            learn(token, nil, of: card)
            let reason: ErrorName = trial.failure?.name == .moduleUnusable ? .moduleUnusable : .noModule
            return Outcome(result: .readWithoutModule(token, because: reason), problems: trial.outcome.problems)
        }
        if case .read(let token, let module) = trial.outcome.result { learn(token, module, of: card) }
        return trial.outcome
    }

    /// The certificates of a card that lets everybody read them (docs/decisions/0033); nil where there are none.
    private func readWithoutModule(_ card: Card, _ trial: inout Trial) async -> TokenDescription? {
        guard configuration.readsWithoutDriver, CardFamily.isReadableWithoutDriver(card.atr) else { return nil }
        let request = ReadRequest(reader: card.reader.octets, identitySalt: identitySalt)
        switch await jobs.ask(.read(request), deadline: configuration.deadline) {
        case .listed(let token?) where !token.certificates.isEmpty: return token
        // It is read as soon as the other program lets it go.
        case .failed(let failure) where failure.name == .tokenBusy: trial.note(failure)
        // The word of the modules stands.
        default: break
        }
        return nil
    }

    private func learn(_ token: TokenDescription, _ module: String?, of card: Card) {
        guard !token.certificates.isEmpty else { return }
        if let module { moduleByATR[card.atr] = module }
        let known = certificatesByATR[card.atr] ?? []
        let fresh = token.certificates.map(\.id).filter { !known.contains($0) }
        certificatesByATR[card.atr] = Array((fresh + known).prefix(Self.mostKin))
    }

    /// One job; a second one where the module says no more than that something went wrong, for that often does not last.
    private func ask(_ module: String, about card: Card) async -> TokenReply {
        let request = ListRequest(
            module: module, reader: card.reader.octets, atr: card.atr, identitySalt: identitySalt,
            rivals: card.rivals.map { $0.described(to: module, kin: certificatesByATR[$0.atr] ?? []) },
            kin: certificatesByATR[card.atr] ?? [], confines: configuration.confines)
        let reply = await jobs.ask(.list(request), deadline: configuration.deadline)
        guard reply.deservesRepetition else { return reply }
        let again = await jobs.ask(.list(request), deadline: configuration.deadline)
        // A second reading that goes worse loses nothing of the first.
        return again.certificateCount < reply.certificateCount ? reply : again
    }

    private func modulesToTry(for atr: [UInt8], among modules: [String]) -> [String] {
        guard let known = moduleByATR[atr], modules.contains(known) else { return modules }
        return [known] + modules.filter { $0 != known }
    }

    private func knownModules() async -> [String] {
        if let modules { return modules }
        let request = TokenRequest.modules(configured: configuration.modules, discover: configuration.discover)
        let reply = await jobs.ask(request, deadline: configuration.deadline)
        guard case .modules(let paths, let folders) = reply else {
            if case .failed(let failure) = reply { failureToLook = failure }
            return []
        }
        failureToLook = nil
        // None found is asked again at the next card.
        modules = paths.isEmpty ? nil : paths
        foldersFound?(folders)
        return paths
    }
}

/// A module that cannot be loaded, and the reason in the loader's words.
struct ModuleProblem: Equatable, Sendable {
    var file: String
    var reason: String
}

/// The modules' answers about one card so far.
private struct Trial {
    private(set) var modules: Set<String> = []
    private var token: (TokenDescription, String)?
    private var empty: (TokenDescription, String)?
    private(set) var failure: JobFailure?
    private var problems: [ModuleProblem] = []

    /// No module knows the card, and nothing else is in the way of reading it.
    var isOpen: Bool { !isRead && empty == nil && !isBusy && failure?.name != .ambiguousReader }

    var isRead: Bool { token != nil }
    /// Every further module would meet the same.
    var isBusy: Bool { failure?.name == .tokenBusy || failure?.name == .limitExceeded }

    var outcome: CardReading.Outcome {
        .init(result: result, problems: problems)
    }

    private var result: CardReading.Outcome.Result {
        if let (token, module) = token { return .read(token, module: module) }
        // Where a module failed, the card is not known to be empty.
        if let failure { return .failed(failure) }
        if let (token, module) = empty { return .read(token, module: module) }
        return .failed(JobFailure(.noModule))
    }

    mutating func take(_ reply: TokenReply, of module: String) {
        modules.insert(module)
        switch reply {
        case .listed(nil): break
        case .listed(let found?) where !found.certificates.isEmpty: token = (found, module)
        case .listed(let found?) where found.broken == 0 && found.trouble == nil: empty = empty ?? (found, module)
        case .listed(let found?):
            note(found.trouble ?? JobFailure(.tokenFailed, "unreadable certificates", module: .definite))
        case .failed(let reason):
            if reason.name == .moduleUnusable || reason.name == .noModule {
                problems.append(ModuleProblem(file: module, reason: reason.detail))
            }
            note(reason)
        default: note(JobFailure(.tokenFailed, "an answer to another question"))
        }
    }

    mutating func note(_ reason: JobFailure) {
        guard let failure, Self.weight(failure) >= Self.weight(reason) else {
            failure = reason
            return
        }
    }

    /// How much a failure says of why this card is not known.
    private static func weight(_ failure: JobFailure) -> Int {
        switch failure.name {
        // No job could be started at all.
        case .limitExceeded: 6
        case .tokenBusy: 5
        case .ambiguousReader: 4
        // The module had the card before it.
        case .tokenFailed where failure.module != nil: 3
        case .moduleUnusable: 2
        case .noModule: 0
        // It crashed, hung or said that no card is there.
        default: 1
        }
    }
}

extension TokenReply {
    fileprivate var certificateCount: Int {
        if case .listed(let token?) = self { token.certificates.count } else { 0 }
    }

    /// Whether the module said no more than that something went wrong.
    fileprivate var deservesRepetition: Bool {
        switch self {
        case .failed(let failure): failure.module == .vague
        case .listed(let token): token?.trouble?.module == .vague
        default: false
        }
    }
}

extension CardReading.Configuration {
    init(_ configuration: DesktopConfiguration) {
        self.init(
            modules: configuration.modules, discover: configuration.discoversModules,
            confines: configuration.confinesModules, readsWithoutDriver: configuration.readsWithoutDriver,
            deadline: .seconds(configuration.listDeadline))
    }
}
