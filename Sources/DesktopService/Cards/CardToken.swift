// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames

/// A card in a reader, and what is known of it. A value: `Cards` alone changes it, everybody else has a copy.
struct CardToken: Sendable {
    let number: UInt64
    let reader: ReaderName
    let insertion: UInt64
    let atr: [UInt8]

    /// A module's description of it; nil until there is one.
    var description: TokenDescription?
    /// The module that knows it; empty where it was read without one.
    var module = ""
    /// Why no module knows it, where it was read all the same: it cannot sign.
    var missingDriver: ErrorName?
    /// Why the last attempt to read it failed, or `noCertificate` of an empty card; nil where nothing went wrong.
    var error: ErrorName?
    /// A detail that narrows the error down, for programs.
    var errorDetail = ""
    /// The modules that could not be loaded at the last attempt.
    var problems: [ModuleProblem] = []
    /// Which program held it at the last attempt.
    var heldBy = ""
    /// It was read once, or that failed; until then nothing is known of it.
    var isLookedAt = false

    var isReading = false
    /// Something has changed while it was read, so it is read once more.
    var mustReadAgain = false
    var retryDelay = RetryDelay()

    /// The state that the last wrong PIN left since this card was put in; nil where none was entered, or a right one after it.
    var learnedPINState: PINState?
    /// The same of earlier times, as the record remembers it of the card's certificates.
    var rememberedPINState: PINState?

    init(number: UInt64, reader: ReaderName, insertion: UInt64, atr: [UInt8]) {
        (self.number, self.reader, self.insertion, self.atr) = (number, reader, insertion, atr)
    }

    /// Its family, by its answer to reset.
    var family: CardFamily? { CardFamily(answerToReset: atr) }

    /// The driver to install, where no module knows it.
    var neededDriver: CardDriver? {
        let isUnknown = description == nil && (error == .noModule || error == .moduleUnusable)
        return isUnknown || missingDriver != nil ? family?.driver : nil
    }

    /// The certificates on it, in the card's order.
    var certificates: [String] { description?.certificates.map(\.id) ?? [] }

    /// The state that wrong PINs have left, now and at earlier times.
    var seenPINState: PINState { .worse(rememberedPINState ?? .unknown, learnedPINState ?? .unknown) }

    /// The state that counts: the card's own word on its PIN, joined with what it no longer says.
    var pinState: PINState {
        let seen = (description?.pinState ?? .unknown).believed(after: rememberedPINState)
        return .worse(seen, learnedPINState ?? .unknown)
    }
}

/// How long to wait before a card that another program holds is looked at again: 1, 2, 4 … 60 seconds.
///
/// pcscd tells of no end of exclusive use, so this is the one thing that has to be asked again; it happens only while a card could not be
/// read for that reason.
struct RetryDelay: Equatable {
    private(set) var seconds: Int64 = 1

    /// The delay to use now; the next one is longer.
    mutating func next() -> Duration {
        defer { seconds = min(60, seconds * 2) }
        return .seconds(seconds)
    }
}

/// The guard of the last try: what a wrong PIN left is remembered by the card's certificates until a PIN was right, whatever the card's
/// flags say, in whichever reader it is, and also by the next run of the service.
struct PINMemory {
    /// By certificate.
    private(set) var states: [String: PINState] = [:]

    /// Takes over what the record holds.
    ///
    /// - Parameter isAdding: what is remembered already still counts beside it.
    mutating func load(_ recorded: [String: PINState], isAdding: Bool) {
        states = recorded.merging(isAdding ? states : [:]) { .worse($0, $1) }
    }

    /// These certificates are not known any more.
    mutating func forget(_ certificates: [String]) {
        for id in certificates { states[id] = nil }
    }

    /// A wrong PIN left the card that bears these certificates in this state. Returns what is to be written down.
    mutating func pinWasWrong(_ left: PINState, on certificates: [String]) -> [String: PINState] {
        for id in certificates { states[id] = .worse(left, states[id] ?? .unknown) }
        return states.filter { certificates.contains($0.key) }
    }

    /// A right PIN was entered. Returns whether anything is forgotten by that.
    mutating func pinWasRight(on certificates: [String]) -> Bool {
        let before = states.count
        for id in certificates { states[id] = nil }
        return states.count != before
    }

    /// The remembered state of a card with these certificates; nil where there is none.
    func state(of certificates: [String]) -> PINState? {
        certificates.compactMap { states[$0] }.reduce(nil) { worst, state in .worse(worst ?? .unknown, state) }
    }
}
