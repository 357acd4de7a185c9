// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import SystemBasics
import Texts

/// Whether a driver (PKCS#11 module) loads, knows each card, and shows what is on it. No PIN is in the jobs that look.
///
/// As the service does it: one job for each module and card, in the order of the catalogue, until one shows certificates.
struct DriverCheck: Check {
    let topic = Topic.driver
    let limit: Duration = .seconds(90)

    /// For one module and one card.
    private static let patience: Duration = .seconds(10)

    func look(_ examination: Examination) async -> [Finding] {
        let facts = examination.facts
        guard let survey = facts.survey else { return [.notLookedAt(topic, because: .pcscd)] }
        guard !survey.readers.isEmpty else { return [.notLookedAt(topic, because: .reader)] }
        let cards = survey.readers.filter { $0.card == .present }
        guard !cards.isEmpty else { return [.notLookedAt(topic, because: .card)] }
        let (configured, discovers) = (facts.configuration.modules, facts.configuration.discoversModules)
        let catalogue = await examination.token(
            .modules(configured: configured, discover: discovers), limit: Self.patience)
        guard case .success(.modules(let modules, _)) = catalogue else { return [.jobFailed(topic)] }
        guard !modules.isEmpty else {
            let family = cards.lazy.compactMap { CardFamily(answerToReset: $0.atr) }.first
            return [
                Finding(
                    .noDriver, .fault, .text(Texts.marked("No driver (PKCS#11 module) is installed.")),
                    remedy: .remedy(.noModule, detail: family?.rawValue ?? ""))
            ]
        }
        var findings: [Finding] = []
        for card in cards { findings += await look(at: card, through: modules, survey, examination) }
        var seen: [Finding] = []
        for finding in findings where !seen.contains(finding) { seen.append(finding) }
        return examination.facts.cards.isEmpty ? seen : seen.map(\.eased)
    }

    private func look(
        at card: SurveyedReader, through modules: [String], _ survey: ReaderSurvey, _ examination: Examination
    ) async -> [Finding] {
        var findings: [Finding] = []
        var isKnown = false
        var empty: (module: String, description: TokenDescription)?
        let rivals = survey.readers.filter { $0.card != .none && $0.name != card.name }.map {
            RivalReader(name: $0.name, certificates: [], isKnownToModule: false, kin: [])
        }
        for module in modules {
            let request = ListRequest(
                module: module, reader: card.name, atr: card.atr, identitySalt: [], rivals: rivals,
                confines: examination.facts.configuration.confinesModules)
            let answer = await examination.token(.list(request), limit: Self.patience)
            switch answer {
            case .success(.listed(nil)): continue
            case .success(.listed(let description?)) where !description.certificates.isEmpty:
                return findings + [read(card, through: module, description, examination)]
            case .success(.listed(let description?)):
                isKnown = true
                // A card that cannot be read is not an empty one, and a card that is empty to one module may not be to another.
                if let trouble = description.trouble {
                    findings.append(.failed(module, trouble))
                } else {
                    empty = empty ?? (module, description)
                }
            case .success(.failed(let failure)) where failure.name == .tokenBusy:
                return [.held(by: CardCheck.holders(of: card, survey, examination.facts.service))]
            case .success(.failed(let failure)):
                isKnown = isKnown || failure.module != nil
                findings.append(.failed(module, failure))
            case .failure(let error): findings.append(.failed(module, error))
            case .success: findings.append(.jobFailed(topic))
            }
        }
        if findings.isEmpty, let empty {
            return [read(card, through: empty.module, empty.description, examination)]
        }
        // A module that cannot be loaded comes first: it may be the one that would know the card.
        return isKnown ? findings : findings + [Self.unknown(card)]
    }

    private func read(
        _ card: SurveyedReader, through module: String, _ description: TokenDescription, _ examination: Examination
    ) -> Finding {
        examination.learn { $0.cards.append(.init(reader: card.name, description: description)) }
        return Finding(
            .driverReads, .fine,
            .text(
                Texts.marked("%1 reads the card; certificates: %2"),
                [.path(module), .plain("\(description.certificates.count)")]))
    }

    /// By its family, where that is known: the driver's package and page are the remedy then.
    private static func unknown(_ card: SurveyedReader) -> Finding {
        let family = CardFamily(answerToReset: card.atr)?.rawValue ?? ""
        return Finding(
            .cardUnknown, .fault, .what(.noModule, detail: family), remedy: .remedy(.noModule, detail: family))
    }
}

extension Finding {
    /// A module that is of no use, in the words of the system's loader.
    fileprivate static func failed(_ module: String, _ failure: JobFailure) -> Finding {
        let reason = failure.detail
        let missing = ": cannot open shared object file"
        if failure.name == .noModule {
            return Finding(
                .driverMissing, .fault, .text(Texts.marked("The driver %1 is not there."), [.path(module)]),
                remedy: .text(Texts.marked("Install it, or correct Modules in eonay.conf.")))
        }
        if failure.name != .moduleUnusable {
            return Finding(
                .driverFailed, .fault,
                .text(Texts.marked("The driver %1 fails at this card: %2"), [.path(module), .plain(reason)]),
                remedy: .remedy(.tokenFailed))
        }
        if reason.hasPrefix("wrong ELF class") || reason.hasPrefix(missing.dropFirst(2)) {
            // Of a library for another kind of processor, glibc says that it is not there.
            return Finding(
                .driverOfWrongClass, .fault,
                .text(Texts.marked("The driver %1 is not made for programs of this computer's kind."), [.path(module)]),
                remedy: .text(
                    Texts.marked("Install its version for %1."), [.plain(Self.architecture)]))
        }
        if let end = Self.place(of: missing, in: reason) {
            let library = String(reason[..<end])
            return Finding(
                .driverLacksLibrary, .fault,
                .text(
                    Texts.marked("The driver %1 needs %2, which is not installed."), [.path(module), .path(library)]),
                remedy: .text(Texts.marked("Install the package that has it; this names it:")),
                command: .packageOf(library: library))
        }
        return Finding(
            .driverRefused, .fault,
            .text(Texts.marked("The driver %1 cannot be loaded: %2"), [.path(module), .path(reason)]),
            remedy: .text(Texts.marked("Install it anew from its maker.")))
    }

    fileprivate static func failed(_ module: String, _ error: JobError) -> Finding {
        if error.code == .deadline {
            return Finding(
                .driverSilent, .fault, .text(Texts.marked("The driver %1 hangs."), [.path(module)]),
                remedy: .remedy(.tokenFailed))
        }
        guard case .killed(let signal) = error.status else { return .jobFailed(.driver) }
        let name = StartedProcess.signalName(signal) ?? "\(signal)"
        return Finding(
            .driverCrashed, .fault, .text(Texts.marked("The driver %1 crashes (%2)."), [.path(module), .plain(name)]),
            remedy: .text(Texts.marked("Install another version of it, or tell its maker.")))
    }

    /// Not String.contains, which would bring Swift's regular expressions.
    private static func place(of part: String, in text: String) -> String.Index? {
        text.indices.first { text[$0...].hasPrefix(part) }
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86-64"
        #elseif arch(arm64)
        "ARM64"
        #else
        "RISC-V 64"
        #endif
    }
}
