// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CVirtualCard
internal import Glibc
internal import Synchronization
internal import SystemBasics

/// Commands on their way to a card's thread, and the descriptor that wakes it.
final class CardMailbox: Sendable {
    private struct Content {
        var commands: [CardCommand] = []
        var isEnded = false
    }

    private let content = Mutex(Content())
    private let wake: Descriptor

    init() throws {
        wake = Descriptor(owning: try SystemError.check(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "eventfd"))
    }

    /// Readable while there is something to fetch.
    var descriptor: Int32 { wake.number }

    func send(_ command: CardCommand) {
        content.withLock { $0.commands.append(command) }
        eventfd_write(wake.number, 1)
    }

    func end() {
        content.withLock { $0.isEnded = true }
        eventfd_write(wake.number, 1)
    }

    /// The commands so far; nil when there are none left and the card is to end.
    func fetch() -> [CardCommand]? {
        var count: eventfd_t = 0
        // Before the look, so that a command sent in between wakes the thread again. Fails where nothing was sent.
        eventfd_read(wake.number, &count)
        return content.withLock { content in
            defer { content.commands = [] }
            return content.isEnded && content.commands.isEmpty ? nil : content.commands
        }
    }
}
