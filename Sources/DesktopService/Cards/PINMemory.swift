// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

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
