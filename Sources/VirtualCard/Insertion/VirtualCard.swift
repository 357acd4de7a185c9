// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
