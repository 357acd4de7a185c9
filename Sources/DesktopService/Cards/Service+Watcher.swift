// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore

/// The watcher's state on the bus, and who calls it back to work after a refusal.
extension Service {
    func tellWatcher(_ snapshot: CardSnapshot) {
        var changed: [ServiceInterface.Property] = []
        if watcherState != snapshot.service {
            changed += [.watcherState, .watcherError]
            parts.log.info("cards: \(Self.word(for: snapshot.service))")
        }
        let names = snapshot.readers.map(\.name)
        if readers != names { changed.append(.readers) }
        (watcherState, readers) = (snapshot.service, names)
        rootChanged(changed)
    }

    /// Whether the picture is complete: the watcher has looked, and each card has been read or could not be.
    var isReady: Bool { watcherState != .starting && tokens.values.allSatisfy(\.isLookedAt) }

    func tellReadiness() {
        guard isReady != toldReady else { return }
        toldReady = isReady
        rootChanged([.ready])
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
                PropertiesInterface.self, .propertiesChanged, sender: "org.freedesktop.login1")
            _ = bus.subscribe(sessions) { [weak self] _ in self?.assumeIsolated { $0.lookAgainIfDenied() } }
        }
    }
}
