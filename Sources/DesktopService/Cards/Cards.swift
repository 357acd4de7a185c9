// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import EventLoops
import JobFrames

/// The reports of the cards.
enum CardChange: Sendable {
    /// The watcher's state has changed, or the readers have.
    case watcher(hasNewState: Bool, hasNewReaders: Bool)
    case inserted(CardToken)
    /// With the certificates that went with it.
    case removed(CardToken, certificates: [String])
    /// - isNews: a person has not been told of it yet.
    case read(CardToken, isNews: Bool)
    case failed(CardToken, isNews: Bool)
    /// The known state of its PIN has changed without a reading.
    case pinState(CardToken)
    /// Cards came, went or were read: an approval that waits for one may look again.
    case settled
    /// The picture has become complete, or is no more.
    case readiness
}

/// The cards in the readers: they come and go, and jobs read them.
final class Cards {
    private let watcher: any CardWatcher
    private let reading: CardReading
    private let scheduler: any Scheduler
    private let log: Log
    private let session: SessionWatch
    private var folders: ModuleFolders?
    var report: (CardChange) -> Void = { _ in }

    private(set) var state = CardSnapshot.Service.starting
    private(set) var readers: [ReaderName] = []
    private var tokens: [UInt64: CardToken] = [:]
    private var lastNumber: UInt64 = 0
    /// Which card holds a certificate: the one in which it was read last.
    private var holders: [String: UInt64] = [:]
    private var retries: [UInt64: any Cancellable] = [:]
    private var pins = PINMemory()
    private var wasReady = false
    private var isEnding = false

    /// How long a module's word of a removal waits for that of PC/SC.
    static let removalPatience: Duration = .seconds(1)
    /// How often a card is read anew because cards came or went beside it, which the module may have taken for it.
    private static let mostLooks = 4

    init(
        _ watcher: any CardWatcher, reading: CardReading, session: SessionWatch, scheduler: any Scheduler, log: Log
    ) {
        (self.watcher, self.reading, self.session) = (watcher, reading, session)
        (self.scheduler, self.log) = (scheduler, log)
    }

    /// Begins to watch.
    func start(on loop: EventLoop) {
        let folders = ModuleFolders(on: loop, scheduler: scheduler, log: log) { [self] isAtRest in
            if isAtRest { readUnknown() } else { reading.forgetModules() }
        }
        self.folders = folders
        reading.foldersFound = { folders.watch($0) }
        scheduler.task { [self] in await reading.prepare() }
        scheduler.task { [self] in for await snapshot in watcher.snapshots { take(snapshot) } }
        watcher.start()
    }

    func end() async {
        isEnding = true
        for timer in retries.values { timer.cancel() }
        folders?.stop()
        reading.foldersFound = nil
        await watcher.end()
        await session.stop()
    }

    // MARK: - The present state

    func token(_ number: UInt64) -> CardToken? { tokens[number] }

    /// The token that holds this certificate now.
    func token(holding certificate: String) -> CardToken? { holders[certificate].flatMap { tokens[$0] } }

    /// The cards in other readers that a module may show under the same name.
    func rivals(of token: CardToken) -> [CardToken] {
        all.filter { $0.number != token.number && $0.reader.isAlike(token.reader) }
    }

    /// Whether the watcher has looked, and each card has been read or could not be.
    var isReady: Bool { state != .starting && tokens.values.allSatisfy(\.isLookedAt) }

    /// Whether a card may be in of which nothing is known yet.
    var isReading: Bool { state == .starting || tokens.values.contains { $0.isReading && $0.description == nil } }

    /// The obstacle that keeps any card from being seen; nil where there is none.
    var watcherError: ErrorName? {
        switch state {
        case .noService: watcher.isServiceInstalled ? .noCardService : .cardServiceMissing
        case .noReader: .noReader
        case .denied: .accessDenied
        case .starting, .watching: nil
        }
    }

    /// The error of a card that is in and could not be read: it may be the one that is meant.
    var trouble: ErrorName? {
        tokens.values.filter { $0.description == nil && $0.error != nil }.min { $0.reader < $1.reader }?.error
    }

    /// Why a card that is wanted is not there.
    var absence: ErrorName { watcherError ?? trouble ?? .noToken }

    var all: [CardToken] { tokens.values.sorted { $0.number < $1.number } }

    // MARK: - Cards come and go

    /// Takes in how things stand now.
    private func take(_ snapshot: CardSnapshot) {
        guard !isEnding else { return }
        noteWatcher(snapshot)
        for token in all where !snapshot.holds(token) { remove(token) }
        for reader in snapshot.readers { take(reader) }
        if snapshot.service == .denied { session.start { [weak self] in self?.lookAgainIfDenied() } }
        report(.settled)
        noteReadiness()
    }

    private func noteWatcher(_ snapshot: CardSnapshot) {
        let names = snapshot.readers.map(\.name)
        let (hasNewState, hasNewReaders) = (state != snapshot.service, readers != names)
        (state, readers) = (snapshot.service, names)
        if hasNewState { log.info("cards: \(state.word)") }
        if hasNewState || hasNewReaders {
            report(.watcher(hasNewState: hasNewState, hasNewReaders: hasNewReaders))
        }
    }

    private func noteReadiness() {
        guard isReady != wasReady else { return }
        wasReady = isReady
        report(.readiness)
    }

    private func take(_ reader: ReaderState) {
        let known = tokens.values.first { $0.reader == reader.name }
        switch reader.card {
        case .none: break
        case .present(let atr, let insertion):
            let token = known ?? add(reader.name, insertion, atr)
            // A card that no driver knew, or that a driver spoiled, is not tried again because of an event in another reader; but what was taken for
            // two may be one by now.
            let repeatable: [ErrorName?] = [nil, .tokenBusy, .ambiguousReader, .limitExceeded]
            if token.description == nil, !token.isReading, repeatable.contains(token.error) { read(token.number) }
        case .mute(let insertion):
            guard known == nil else { return }
            failed(add(reader.name, insertion, []).number, JobFailure(.tokenFailed, "mute"))
        case .exclusive(let atr, let insertion):
            // Its owner will be done at some time, and no event says when.
            guard known == nil else { return }
            failed(add(reader.name, insertion, atr).number, JobFailure(.tokenBusy, "exclusive"))
        }
    }

    private func add(_ reader: ReaderName, _ insertion: UInt64, _ atr: [UInt8]) -> CardToken {
        lastNumber += 1
        let token = CardToken(number: lastNumber, reader: reader, insertion: insertion, atr: atr)
        tokens[token.number] = token
        report(.inserted(token))
        return token
    }

    private func remove(_ token: CardToken) {
        retries.removeValue(forKey: token.number)?.cancel()
        tokens[token.number] = nil
        let gone = holders.filter { $0.value == token.number }.keys.sorted()
        for id in gone { holders[id] = nil }
        report(.removed(token, certificates: gone))
    }

    /// A refusal may have been for the moment: a call is a good time to look again.
    func lookAgainIfDenied() {
        if state == .denied { watcher.retry() }
    }

    /// The machine may have slept.
    func lookAgain() { watcher.retry() }

    // MARK: - Cards are read

    /// Reads by another configuration from now on.
    func use(_ configuration: CardReading.Configuration) {
        guard reading.take(configuration) else { return }
        // A card that was read in a way that is turned off now is read anew.
        for token in all where token.missingDriver != nil && !configuration.readsWithoutDriver {
            remove(token)
            read(add(token.reader, token.insertion, token.atr).number)
        }
        readUnknown()
    }

    /// Has identity keys made with this salt, also of the cards that are in.
    func use(salt: [UInt8]) {
        guard reading.use(salt) else { return }
        for token in all where token.description != nil { read(token.number) }
    }

    /// An approval with this certificate has ended. A wrong PIN changes what the card says of its PIN, and its object shows which program
    /// holds it: both are read again.
    func approvalEnded(with certificate: String, because error: ErrorName?) {
        guard let token = token(holding: certificate) else { return }
        let isNews =
            switch error {
            case .pinIncorrect, .pinLocked, .pinFinalTry, .pinChangeRequired, .tokenBusy: true
            default: token.pinState != .ok && token.pinState != .unknown
            }
        if isNews { read(token.number) }
    }

    private func readUnknown() {
        // A card that does not answer has no driver.
        for token in all where !token.atr.isEmpty && (token.certificates.isEmpty || token.missingDriver != nil) {
            read(token.number)
        }
    }

    /// Has a job look at the card. Again and again only as long as another program holds it.
    func read(_ number: UInt64) {
        guard !isEnding, let token = tokens[number] else { return }
        guard !token.isReading else {
            tokens[number]?.mustReadAgain = true
            return
        }
        tokens[number]?.isReading = true
        scheduler.task { [self] in
            var outcome = await look(at: token)
            // PC/SC's word is on its way, if it is so; a module that says it alone is given a second chance.
            if case .failed(let failure)? = outcome?.result, failure.name == .tokenRemoved {
                await scheduler.pause(for: Self.removalPatience)
                outcome = await look(at: token)
            }
            guard let outcome, isIn(token) else { return }
            tokens[number]?.isReading = false
            tokens[number]?.isLookedAt = true
            tokens[number]?.problems = outcome.problems
            switch outcome.result {
            case .read(let description, let module): known(number, description, module, missingDriver: nil)
            case .readWithoutModule(let description, let reason): known(number, description, "", missingDriver: reason)
            case .failed(let failure): failed(number, failure)
            }
            noteReadiness()
            if tokens[number]?.mustReadAgain == true { read(number) }
        }
    }

    /// One round of all modules; nil where the card has gone meanwhile.
    private func look(at token: CardToken) async -> CardReading.Outcome? {
        for _ in 1...Self.mostLooks {
            guard isIn(token) else { return nil }
            tokens[token.number]?.mustReadAgain = false
            let rivals = rivals(of: token)
            let outcome = await reading.read(
                CardReading.Card(reader: token.reader, atr: token.atr, rivals: rivals.map(CardReading.Rival.init)))
            if self.rivals(of: token).map(\.number) == rivals.map(\.number) { return isIn(token) ? outcome : nil }
        }
        let failure = JobFailure(.ambiguousReader, "cards come and go")
        return isIn(token) ? CardReading.Outcome(result: .failed(failure), problems: []) : nil
    }

    private func isIn(_ token: CardToken) -> Bool { tokens[token.number] != nil && !isEnding }

    private func known(
        _ number: UInt64, _ description: TokenDescription, _ module: String, missingDriver: ErrorName?
    ) {
        guard var token = tokens[number] else { return }
        let isFirstLook = token.description == nil
        let isEmpty = description.certificates.isEmpty
        let isNews = isEmpty ? token.error != .noCertificate : isFirstLook || token.missingDriver != missingDriver
        (token.description, token.module, token.missingDriver) = (description, module, missingDriver)
        (token.error, token.errorDetail, token.heldBy) =
            isEmpty ? (.noCertificate, description.trouble?.detail ?? "", "") : (nil, "", "")
        token.retryDelay = RetryDelay()
        token.rememberedPINState = pins.state(of: token.certificates)
        tokens[number] = token
        for id in token.certificates { holders[id] = number }
        if description.broken > 0 {
            log.warning("\(description.broken) objects of a card are no certificates, continuing")
        }
        report(.read(token, isNews: isNews))
        report(.settled)
        // The card in this reader is known now, and so the other card is the one in its twin.
        for other in all where other.error == .ambiguousReader { read(other.number) }
    }

    private func failed(_ number: UInt64, _ failure: JobFailure) {
        guard var token = tokens[number] else { return }
        // It is in for PC/SC, so the module's word is no more than its failure.
        let error = failure.name == .tokenRemoved ? .tokenFailed : failure.name
        let isNews = token.error != error
        token.isLookedAt = true
        (token.error, token.errorDetail, token.heldBy) = (error, failure.detail, "")
        if error == .tokenBusy { token.heldBy = watcher.holder(of: token.reader.shown) }
        if error == .tokenBusy || error == .limitExceeded {
            retries[number]?.cancel()
            retries[number] = scheduler.timer(after: token.retryDelay.next()) { [self] in read(number) }
        }
        tokens[number] = token
        if isNews {
            log.notice("a card could not be read: \(error.rawValue) \(failure.detail), continuing")
            for problem in token.problems {
                log.notice("a module cannot be loaded: \(problem.file): \(problem.reason), continuing")
            }
        }
        report(.failed(token, isNews: isNews))
        report(.settled)
    }

    // MARK: - The PIN

    /// The states that wrong PINs left, by certificate.
    var pinStates: [String: PINState] { pins.states }

    /// Takes over what the record holds; see `PINMemory`.
    func load(_ recorded: [String: PINState], isAdding: Bool) { pins.load(recorded, isAdding: isAdding) }

    /// These certificates are not known any more.
    func forget(_ certificates: [String]) { pins.forget(certificates) }

    /// A wrong PIN was entered for this certificate, and left the card so. Returns what is to be written down of each certificate.
    func pinWasWrong(_ state: PINState, for certificate: String) -> [String: PINState] {
        let left = PINState.worse(state, .countLow)
        let states = pins.pinWasWrong(left, on: certificates(beside: certificate))
        change(certificate) { $0.learnedPINState = .worse(left, $0.learnedPINState ?? .unknown) }
        return states
    }

    /// The right PIN was entered: the card counts from the beginning. Returns of which certificates that is to be written down.
    func pinWasRight(for certificate: String) -> [String] {
        let certificates = certificates(beside: certificate)
        let isNews = pins.pinWasRight(on: certificates)
        change(certificate) { $0.learnedPINState = nil }
        return isNews ? certificates : []
    }

    private func change(_ certificate: String, _ body: (inout CardToken) -> Void) {
        guard var token = token(holding: certificate) else { return }
        let before = token.pinState
        body(&token)
        token.rememberedPINState = pins.state(of: token.certificates)
        tokens[token.number] = token
        if token.pinState != before { report(.pinState(token)) }
    }

    /// One PIN guards all keys of a card.
    private func certificates(beside id: String) -> [String] { token(holding: id)?.certificates ?? [id] }
}

extension CardSnapshot {
    /// Whether the card is still there, and has been all the time.
    fileprivate func holds(_ token: CardToken) -> Bool {
        readers.contains { $0.name == token.reader && $0.card.insertion == token.insertion }
    }
}

extension CardSnapshot.Service {
    /// The contract's word.
    var word: String {
        switch self {
        case .starting: "starting"
        case .watching: "watching"
        case .noService: "no-service"
        case .noReader: "no-reader"
        case .denied: "denied"
        }
    }
}
