// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// A virtual smart card that can be put into a virtual reader, pulled out, and put in again.
///
/// It lives on a thread of its own until `end()` or its last reference goes. Its PIN counter outlives a removal, as a
/// real card's does. Commands are carried out in their order, and before any APDU that arrives after they were sent.
public final class VirtualCard: Sendable {
    private let mailbox: CardMailbox
    private let thread: Guarded<NativeThread?>

    /// Makes the card and keeps it out of the reader. `events` is called on the card's thread and must not block.
    ///
    /// Throws `CardDescription.Mistake` where there is no such card.
    public init(
        _ description: CardDescription, in reader: ReaderAddress, events: @escaping @Sendable (CardEvent) -> Void
    ) throws {
        let mailbox = try CardMailbox()
        self.mailbox = mailbox
        let application = try description.makeApplication()
        let answerToReset = description.answerToReset
        let started = try NativeThread(name: "card") {
            var runner = CardRunner(
                application, answerToReset: answerToReset, reader: reader, mailbox: mailbox, events: events)
            runner.run()
        }
        thread = Guarded(started)
    }

    deinit { end() }

    /// Carries the command out, soon, on the card's thread.
    public func send(_ command: CardCommand) { mailbox.send(command) }

    /// Pulls the card out and ends its thread. Returns when that is done; must not be called from `events`.
    public func end() {
        mailbox.end()
        let ended = thread.withLock { $0.take() }
        ended?.join()
    }
}

/// The life of a card on its thread: waits for commands, for the reader, and for the end of a slow signature.
struct CardRunner: ~Copyable {
    private let reader: ReaderAddress
    private let mailbox: CardMailbox
    private let tell: @Sendable (CardEvent) -> Void
    private var session: CardSession

    private var connection: ReaderConnection?
    /// Hung up on our side; its end says that the reader has taken note.
    private var leaving: ReaderConnection?
    private var watch: ReaderWatch?
    /// The card is, or waits to be, in the reader.
    private var isWanted = false
    private var isToldWaiting = false

    init(
        _ application: any CardApplication, answerToReset: AnswerToReset, reader: ReaderAddress, mailbox: CardMailbox,
        events: @escaping @Sendable (CardEvent) -> Void
    ) {
        self.reader = reader
        self.mailbox = mailbox
        tell = events
        session = CardSession(application, answerToReset: answerToReset, tell: events)
    }

    mutating func run() {
        while true {
            guard let commands = mailbox.fetch() else { break }
            for command in commands { carryOut(command) }
            if isWanted, connection == nil { connect() }
            answerIfDue()
            wait()
        }
        if connection != nil { pullOut() }
    }

    private mutating func carryOut(_ command: CardCommand) {
        switch command {
        case .insert: isWanted = true
        case .remove: pullOut()
        case .removeAt, .removeInSignature, .keepIn, .signatureDelay, .triesLeft, .mute:
            session.set(command)
            tell(.set)
        }
    }

    private mutating func pullOut() {
        // One that is pulled out a second time before the first was seen: the first is seen before it.
        if leaving != nil { removalWasSeen() }
        leaving = connection.take()
        leaving?.hangUp()
        watch = nil
        (isWanted, isToldWaiting) = (false, false)
        session.lostPower()
        tell(.removed)
        if case .virtualReader = reader, leaving != nil { return }
        removalWasSeen()
    }

    private mutating func removalWasSeen() {
        leaving = nil
        tell(.removalSeen)
    }

    private mutating func connect() {
        do {
            connection = try ReaderConnection(to: reader)
            watch = nil
            isToldWaiting = false
            session.begin()
            tell(.inserted)
        } catch let error as SystemError where [ENOENT, ECONNREFUSED].contains(error.code) {
            waitForReader(error)
        } catch {
            giveUp(error)
        }
    }

    private mutating func waitForReader(_ error: SystemError) {
        guard case .virtualReader(let path) = reader else { return giveUp(error) }
        if !isToldWaiting { tell(.waitingForReader) }
        isToldWaiting = true
        guard watch == nil else { return }
        do {
            watch = try ReaderWatch(socket: path)
            // The reader may have come between the first try and the watch.
            connect()
        } catch {
            giveUp(error)
        }
    }

    private mutating func giveUp(_ error: any Error) {
        isWanted = false
        watch = nil
        tell(.failed("\(error)"))
    }

    /// Waits for whatever comes next, and takes one message from the reader if that is it.
    private mutating func wait() {
        var waits = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
        let connected = connection?.descriptor
        let watched = watch?.descriptor
        // While a signature waits, nothing but the reader's hanging up matters, and that is always told.
        let interest = session.due == nil ? POLLIN : 0
        if let descriptor = connected ?? watched {
            waits.append(pollfd(fd: descriptor, events: Int16(connected == nil ? POLLIN : interest), revents: 0))
        }
        let isAlone = waits.count == 1
        if let left = leaving?.descriptor { waits.append(pollfd(fd: left, events: Int16(POLLIN), revents: 0)) }
        guard poll(&waits, nfds_t(waits.count), session.due.map { $0.millisecondsLeft } ?? -1) > 0 else { return }
        if leaving != nil, waits[waits.count - 1].revents != 0, leaving?.hasEnded() == true { removalWasSeen() }
        // Commands first: they were sent before the message that arrived with them.
        guard waits[0].revents == 0, !isAlone, waits[1].revents != 0 else { return }
        if connected == nil {
            watch?.clear()
        } else if session.due != nil {
            readerHasGone()
        } else {
            takeMessage()
        }
    }

    private mutating func takeMessage() {
        guard let message = connection?.receive() else { return readerHasGone() }
        act(on: session.take(message))
    }

    private mutating func answerIfDue() {
        if let due = session.due, due.millisecondsLeft == 0 { act(on: session.finishSignature()) }
    }

    private mutating func act(on outcome: CardSession.Outcome) {
        switch outcome {
        case .nothing: break
        case .answer(let bytes):
            if connection?.send(bytes) != true { readerHasGone() }
        case .signature(let bytes):
            if connection?.send(bytes) != true { readerHasGone() } else { tell(.signed) }
        case .pullOut: pullOut()
        }
    }

    private mutating func readerHasGone() {
        connection = nil
        session.lostPower()
        tell(.readerGone)
        // vpcd cannot be waited for.
        if case .vpcd = reader { isWanted = false }
    }
}
