// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore

/// The watcher's state on the bus, and who calls it back to work after a refusal.
extension Service {
    func tellWatcher(_ snapshot: CardSnapshot) {
        var changed: [String] = []
        if watcherState != snapshot.service {
            changed += ["WatcherState", "WatcherError"]
            parts.log.info("cards: \(Self.word(for: snapshot.service))")
        }
        let names = snapshot.readers.map(\.name)
        if readers != names { changed.append("Readers") }
        (watcherState, readers) = (snapshot.service, names)
        rootChanged(changed)
    }

    /// Whether the picture is complete: the watcher has looked, and each card has been read or could not be.
    var isReady: Bool { watcherState != .starting && tokens.values.allSatisfy(\.isLookedAt) }

    func tellReadiness() {
        guard isReady != toldReady else { return }
        toldReady = isReady
        rootChanged(["Ready"])
    }

    /// What keeps any card from being seen; nil where nothing does.
    var watcherError: ErrorName? {
        switch watcherState {
        case .noService: parts.cards.isServiceInstalled ? .noCardService : .cardServiceMissing
        case .noReader: .noReader
        case .denied: .accessDenied
        case .starting, .watching: nil
        }
    }

    /// A refusal may have been for the moment: a call is a good time to look again.
    func lookAgainIfDenied() {
        if watcherState == .denied { parts.cards.retry() }
    }

    /// pcscd serves the active session alone; logind tells when that is ours again.
    func watchLogind() {
        guard logind == nil, let open = parts.systemBus else { return }
        task {
            guard let bus = await open(), self.logind == nil, !self.isEnding else { return }
            self.logind = bus
            let sessions = SignalMatch(
                sender: "org.freedesktop.login1", interface: "org.freedesktop.DBus.Properties",
                member: "PropertiesChanged")
            _ = bus.subscribe(sessions) { [weak self] _ in self?.assumeIsolated { $0.lookAgainIfDenied() } }
        }
    }
}
