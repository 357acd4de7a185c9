// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

/// Finds out what is on a card: one job per module, until one shows a certificate (docs/decisions/0005).
///
/// Lives on the service's loop. The module that last knew a card of the same kind (by its ATR) is tried first, so that the usual card
/// costs one job.
final class CardReading {
    /// What came of reading one card.
    enum Outcome: Equatable {
        /// A module knows the card.
        case read(TokenDescription, module: String)
        /// No module knows it, or those that might have failed.
        case failed(JobFailure)
    }

    private let jobs: any JobLauncher
    private let configuration: Configuration
    private let identitySalt: [UInt8]
    private var modules: [ModuleDescription]?
    private var moduleByATR: [[UInt8]: String] = [:]

    struct Configuration: Sendable, Equatable {
        var modules: [String]
        var discover: Bool
        var deadline: Duration
    }

    init(jobs: any JobLauncher, configuration: Configuration, identitySalt: [UInt8]) {
        self.jobs = jobs
        self.configuration = configuration
        self.identitySalt = identitySalt
    }

    /// Looks for modules now, so that the first card need not wait for it.
    func prepare() async {
        _ = await knownModules()
    }

    /// Reads the card in that reader. Takes at most one deadline per module.
    func read(reader: String, atr: [UInt8]) async -> Outcome {
        var empty: (TokenDescription, String)?
        var failure = JobFailure(code: "NoModule", detail: "", heldBy: "")
        for module in await modulesToTry(for: atr) {
            let request = ListRequest(module: module, reader: reader, atr: atr, identitySalt: identitySalt)
            switch await jobs.ask(.list(request), deadline: configuration.deadline) {
            case .listed(let token) where token.recognised && !token.certificates.isEmpty:
                moduleByATR[atr] = module
                return .read(token, module: module)
            case .listed(let token) where token.recognised:
                empty = empty ?? (token, module)
            case .listed:
                continue
            case .failed(let reason):
                // Whoever holds the card holds it against every module, and a card that is gone is gone for all.
                if reason.code == "TokenBusy" || reason.code == "TokenRemoved" { return .failed(reason) }
                failure = reason
            default:
                failure = JobFailure(code: "TokenFailed", detail: "an answer to another question", heldBy: "")
            }
        }
        if let (token, module) = empty { return .read(token, module: module) }
        return .failed(failure)
    }

    private func modulesToTry(for atr: [UInt8]) async -> [String] {
        let paths = await knownModules().map(\.path)
        guard let known = moduleByATR[atr] else { return paths }
        return [known] + paths.filter { $0 != known }
    }

    private func knownModules() async -> [ModuleDescription] {
        if let modules { return modules }
        let request = ModulesRequest(configured: configuration.modules, discover: configuration.discover)
        guard case .modules(let found) = await jobs.ask(.modules(request), deadline: configuration.deadline) else {
            return []
        }
        // None found is asked again at the next card: the driver may be installed meanwhile.
        if !found.isEmpty { modules = found }
        return found
    }
}
