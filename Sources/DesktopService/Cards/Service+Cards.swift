// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
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
    }

    private func take(_ reader: ReaderState) {
        switch reader.card {
        case .none: break
        case .present(let atr, let insertion):
            let token = tokens[reader.name] ?? add(reader.name, insertion, atr)
            // What no driver knew, or spoiled, is not tried again because something stirred in another reader.
            let mayBeReadable = token.error.name.isEmpty || token.error.name == ErrorName.tokenBusy.rawValue
            if token.description == nil, mayBeReadable { read(token) }
        case .mute(let insertion):
            guard tokens[reader.name] == nil else { return }
            failed(add(reader.name, insertion, []), JobFailure(code: "TokenFailed", detail: "mute", heldBy: ""))
        case .exclusive(let atr, let insertion):
            // Its owner will be done at some time, and nobody tells when.
            guard tokens[reader.name] == nil else { return }
            failed(add(reader.name, insertion, atr), JobFailure(code: "TokenBusy", detail: "exclusive", heldBy: ""))
        }
    }

    private func add(_ reader: String, _ insertion: UInt64, _ atr: [UInt8]) -> CardToken {
        lastTokenNumber += 1
        let token = CardToken(
            number: lastTokenNumber, path: Self.tokenPath(lastTokenNumber), reader: reader, insertion: insertion,
            atr: atr)
        tokens[reader] = token
        export(token)
        return token
    }

    private func remove(_ token: CardToken) {
        token.retryTimer?.cancel()
        tokens[token.reader] = nil
        let gone = book.release(token: token.number)
        parts.bus.unexport(token.path)
        for id in gone { certificateChanged(id, ["Present", "Token"]) }
        withdraw(NoticeTexts.cardKey(reader: token.reader))
        for approval in approvals.values where gone.contains(approval.request.certificate) {
            handle(.tokenRemoved, of: approval)
        }
    }

    /// Has a job look at the card. Again and again only as long as another program holds it.
    func read(_ token: CardToken) {
        guard !token.isReading else { return }
        token.isReading = true
        task {
            let outcome = await self.reading.read(reader: token.reader, atr: token.atr)
            token.isReading = false
            guard self.tokens[token.reader] === token, !self.isEnding else { return }
            switch outcome {
            case .read(let description, let module): self.known(token, description, module)
            case .failed(let failure): self.failed(token, failure)
            }
        }
    }

    private func known(_ token: CardToken, _ description: TokenDescription, _ module: String) {
        let isFirstLook = token.description == nil
        token.description = description
        token.module = module
        (token.error, token.heldBy) = (("", ""), "")
        token.retryDelay = RetryDelay()
        token.certificates = description.certificates.map(\.id)
        let fresh = book.take(description.certificates, on: token.number, at: parts.alarm.now())
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
        if isFirstLook { showCard(token) }
        cardsChanged()
        rememberCertificates(of: token)
    }

    /// Has the certificates written down, and then looks what is due: what was told of a certificate is kept with it.
    private func rememberCertificates(of token: CardToken) {
        let known = token.certificates.compactMap { book[$0]?.known }
        task {
            do {
                let forgotten = try await self.parts.store.remember(known)
                self.book.forget(forgotten)
                for id in forgotten { self.parts.bus.unexport(Self.certificatePath(id)) }
            } catch {
                self.parts.log.error("could not remember a card's certificates: \(error), continuing")
            }
            self.review()
        }
    }

    func failed(_ token: CardToken, _ failure: JobFailure) {
        // The snapshot that says so is on its way.
        guard failure.code != ErrorName.tokenRemoved.rawValue else { return }
        let explanation = parts.texts.error(failure.code)
        let isNews = token.error.name != failure.code
        token.error = (failure.code, explanation.what)
        token.heldBy = ""
        if failure.code == ErrorName.tokenBusy.rawValue {
            token.heldBy = failure.heldBy.isEmpty ? parts.cards.holder(of: token.reader) : failure.heldBy
            readLater(token)
        }
        if isNews {
            parts.log.notice("a card could not be read: \(failure.code) \(failure.detail), continuing")
            showTrouble(token)
        }
        tokenChanged(token, ["Error", "HeldBy"])
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
        guard let entry = book[certificate], let token = token(of: certificate) else { return nil }
        return ApprovalFacts(
            validity: entry.validity,
            hindrances: entry.known.hindrances.map { ErrorName(rawValue: $0) ?? .notQualified },
            pinState: token.pinState)
    }

    /// The token that holds this certificate now.
    func token(of certificate: String) -> CardToken? {
        guard let number = book[certificate]?.token else { return nil }
        return tokens.values.first { $0.number == number }
    }
}

extension CardSnapshot {
    /// Whether the card is still there, and has been all the time.
    fileprivate func holds(_ token: CardToken) -> Bool {
        readers.contains { $0.name == token.reader && $0.card.insertion == token.insertion }
    }
}
