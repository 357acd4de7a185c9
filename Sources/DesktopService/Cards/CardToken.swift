// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import EventLoops
import JobFrames

/// A card in a reader, as its object shows it. Passive: the service moves it.
final class CardToken {
    let number: UInt64
    let path: ObjectPath
    let reader: ReaderName
    let insertion: UInt64
    let atr: [UInt8]

    /// What a module said of it; nil until one has.
    var description: TokenDescription?
    /// The module that knows it.
    var module = ""
    /// The certificates on it, in the card's order.
    var certificates: [String] = []
    /// Error name and sentence of the last attempt to read it; empty where nothing went wrong.
    var error: (name: String, message: String) = ("", "")
    /// What narrows the error down, for programs.
    var errorDetail = ""
    /// The modules that could not be loaded at the last attempt.
    var problems: [ModuleProblem] = []
    /// Who held it at the last attempt.
    var heldBy = ""
    var isReading = false
    /// What was changed while it was read, so that it is read once more.
    var mustReadAgain = false
    /// It was read once, or that failed; until then nothing is known of it.
    var isLookedAt = false
    var retryDelay = RetryDelay()
    var retryTimer: LoopTimer?

    init(number: UInt64, path: ObjectPath, reader: ReaderName, insertion: UInt64, atr: [UInt8]) {
        self.number = number
        self.path = path
        self.reader = reader
        self.insertion = insertion
        self.atr = atr
    }

    /// What the last wrong PIN left since this card was put in; nil where none was entered, or a right one after it.
    var learnedPINState: PINState?
    /// The same of earlier times, as the record remembers it of the card's certificates.
    var rememberedPINState: PINState?

    /// Both together.
    var seenPINState: PINState { .worse(rememberedPINState ?? .unknown, learnedPINState ?? .unknown) }

    var pinState: PINState {
        let told = description.flatMap { PINState(rawValue: $0.pinState.rawValue) } ?? .unknown
        let seen = told.believed(after: rememberedPINState)
        return .worse(seen, learnedPINState ?? .unknown)
    }
}
