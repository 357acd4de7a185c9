// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import EventLoops
import JobFrames
import Store
import Texts

/// Cards come and go.
extension Service {
    /// Takes in how things stand now.
    func take(_ snapshot: CardSnapshot) {
        guard !isEnding else { return }
        tellWatcher(snapshot)
        for token in tokens.values where !snapshot.holds(token) { remove(token) }
        for reader in snapshot.readers { take(reader) }
        if snapshot.service == .denied { watchLogind() }
        tidyLater()
        cardsChanged()
        tellReadiness()
    }

    private func take(_ reader: ReaderState) {
        switch reader.card {
        case .none: break
        case .present(let atr, let insertion):
            let token = tokens[reader.name] ?? add(reader.name, insertion, atr)
            // What no driver knew, or spoiled, is not tried again because something stirred in another reader; but what was taken for
            // two may be one by now.
            let errors: [ErrorName] = [.tokenBusy, .ambiguousReader, .limitExceeded]
            let repeatable = [""] + errors.map(\.rawValue)
            if token.description == nil, !token.isReading, repeatable.contains(token.error.name) { read(token) }
        case .mute(let insertion):
            guard tokens[reader.name] == nil else { return }
            failed(add(reader.name, insertion, []), JobFailure(code: "TokenFailed", detail: "mute", heldBy: ""))
        case .exclusive(let atr, let insertion):
            // Its owner will be done at some time, and nobody tells when.
            guard tokens[reader.name] == nil else { return }
            failed(add(reader.name, insertion, atr), JobFailure(code: "TokenBusy", detail: "exclusive", heldBy: ""))
        }
    }

    private func add(_ reader: ReaderName, _ insertion: UInt64, _ atr: [UInt8]) -> CardToken {
        lastTokenNumber += 1
        let token = CardToken(
            number: lastTokenNumber, path: Self.tokenPath(lastTokenNumber), reader: reader, insertion: insertion,
            atr: atr)
        tokens[reader] = token
        export(token)
        prepareToShow()
        return token
    }

    private func remove(_ token: CardToken) {
        token.retryTimer?.cancel()
        tokens[token.reader] = nil
        let gone = registry.release(token: token.number)
        parts.bus.unexport(token.path)
        for id in gone { certificateChanged(id, [.present, .token]) }
        withdraw(NoticeTexts.cardKey(reader: token.reader))
        for approval in approvals.values where gone.contains(approval.request.certificate) {
            handle(.tokenRemoved, of: approval)
        }
    }

    /// Has a job look at the card. Again and again only as long as another program holds it.
    func read(_ token: CardToken) {
        guard !token.isReading else {
            token.mustReadAgain = true
            return
        }
        token.isReading = true
        task {
            var outcome = await self.look(at: token)
            // PC/SC's word is on its way, if it is so; a module that says it alone is given a second chance.
            if case .failed(let failure)? = outcome?.result, failure.code == ErrorName.tokenRemoved.rawValue {
                try? await self.loop.pause(for: Self.removalPatience)
                outcome = await self.look(at: token)
            }
            (token.isReading, token.isLookedAt) = (false, true)
            guard let outcome, self.isIn(token) else { return }
            token.problems = outcome.problems
            switch outcome.result {
            case .read(let description, let module): self.known(token, description, module)
            case .failed(let failure): self.failed(token, failure)
            }
            self.tellReadiness()
            if token.mustReadAgain { self.read(token) }
        }
    }

    /// How long a module's word of a removal waits for that of PC/SC.
    static let removalPatience: Duration = .seconds(1)
    /// How often a card is read anew because cards came or went beside it, which the module may have taken for it.
    private static let mostLooks = 4

    /// One round of all modules; nil where the card has gone meanwhile.
    private func look(at token: CardToken) async -> CardReading.Outcome? {
        for _ in 1...Self.mostLooks {
            guard isIn(token) else { return nil }
            token.mustReadAgain = false
            let rivals = rivals(of: token)
            let outcome = await reading.read(
                CardReading.Card(reader: token.reader, atr: token.atr, rivals: rivals.map(CardReading.Rival.init)))
            if self.rivals(of: token).map(\.number) == rivals.map(\.number) { return isIn(token) ? outcome : nil }
        }
        let failure = JobFailure(code: ErrorName.ambiguousReader.rawValue, detail: "cards come and go", heldBy: "")
        return isIn(token) ? CardReading.Outcome(result: .failed(failure), problems: []) : nil
    }

    /// The cards in other readers that a module may show under the same name.
    func rivals(of token: CardToken) -> [CardToken] {
        tokens.values.filter { $0 !== token && $0.reader.isAlike(token.reader) }.sorted { $0.number < $1.number }
    }

    private func isIn(_ token: CardToken) -> Bool { tokens[token.reader] === token && !isEnding }

    private func known(_ token: CardToken, _ description: TokenDescription, _ module: String) {
        let isFirstLook = token.description == nil
        token.description = description
        token.module = module
        let isEmpty = description.certificates.isEmpty
        let isNews = token.error.name != ErrorName.noCertificate.rawValue
        token.error =
            isEmpty
            ? (ErrorName.noCertificate.rawValue, parts.texts.cardError(ErrorName.noCertificate.rawValue).what)
            : ("", "")
        (token.errorDetail, token.heldBy) = (isEmpty ? description.trouble : "", "")
        token.retryDelay = RetryDelay()
        token.certificates = description.certificates.map(\.id)
        recallPINState(of: token)
        let fresh = registry.take(description.certificates, on: token.number, at: parts.alarm.now())
        for id in token.certificates {
            if fresh.contains(id) {
                announceCertificate(id)
            } else {
                certificateChanged(id, Self.certificateProperties)
            }
        }
        tokenChanged(token, Self.tokenProperties)
        if description.broken > 0 {
            parts.log.warning("\(description.broken) objects of a card are no certificates, continuing")
        }
        if isEmpty, isNews { showTrouble(token) } else if isFirstLook { showCard(token) }
        cardsChanged()
        // What is in this reader is known now, and so what is in its twin.
        for other in tokens.values where other.error.name == ErrorName.ambiguousReader.rawValue { read(other) }
        rememberCertificates(of: token)
    }

    /// Has the certificates written down, and then looks what is due: what was told of a certificate is kept with it.
    private func rememberCertificates(of token: CardToken) {
        let known = token.certificates.compactMap { registry[$0]?.known }
        task {
            do {
                let forgotten = try await self.parts.store.remember(known)
                self.registry.forget(forgotten)
                for id in forgotten { self.parts.bus.unexport(Self.certificatePath(id)) }
            } catch {
                self.couldNotRemember("a card's certificates", error)
            }
            self.review()
        }
    }

    func failed(_ token: CardToken, _ failure: JobFailure) {
        token.isLookedAt = true
        var failure = failure
        // It is in for PC/SC, so the module's word is no more than its failure.
        if failure.code == ErrorName.tokenRemoved.rawValue { failure.code = ErrorName.tokenFailed.rawValue }
        let explanation = parts.texts.cardError(failure.code)
        let isNews = token.error.name != failure.code
        token.error = (failure.code, explanation.what)
        (token.errorDetail, token.heldBy) = (failure.detail, "")
        if failure.code == ErrorName.tokenBusy.rawValue {
            token.heldBy = failure.heldBy.isEmpty ? parts.cards.holder(of: token.reader.shown) : failure.heldBy
            readLater(token)
        }
        if failure.code == ErrorName.limitExceeded.rawValue { readLater(token) }
        if isNews {
            parts.log.notice("a card could not be read: \(failure.code) \(failure.detail), continuing")
            for problem in token.problems {
                parts.log.notice("a module cannot be loaded: \(problem.file): \(problem.reason), continuing")
            }
            showTrouble(token)
        }
        tokenChanged(token, [.error, .errorDetail, .heldBy, .moduleProblems])
        cardsChanged()
    }

    private func readLater(_ token: CardToken) {
        token.retryTimer?.cancel()
        let (reader, number) = (token.reader, token.number)
        token.retryTimer = loop.timer(after: token.retryDelay.next()) { [weak self] in
            self?.assumeIsolated { service in
                guard let token = service.tokens[reader], token.number == number else { return }
                service.read(token)
            }
        }
    }

    /// What memory knows for an approval with this certificate; nil while its card is out or not read.
    func facts(for certificate: String) -> ApprovalFacts? {
        guard let entry = registry[certificate], let token = token(of: certificate) else { return nil }
        return ApprovalFacts(
            validity: entry.validity,
            hindrances: entry.known.hindrances.map { ErrorName(rawValue: $0) ?? .notQualified },
            pinState: token.pinState)
    }

    /// The token that holds this certificate now.
    func token(of certificate: String) -> CardToken? {
        guard let number = registry[certificate]?.token else { return nil }
        return tokens.values.first { $0.number == number }
    }
}

extension CardSnapshot {
    /// Whether the card is still there, and has been all the time.
    fileprivate func holds(_ token: CardToken) -> Bool {
        readers.contains { $0.name == token.reader && $0.card.insertion == token.insertion }
    }
}
