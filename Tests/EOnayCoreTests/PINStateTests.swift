// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

/// The believed state of a PIN: the card's flags and the last wrong entry together.
@Suite(.timeLimit(.minutes(1))) struct PINStateTests {
    @Test(
        arguments: [
            // told, seen, believed
            (PINState.ok, nil, PINState.ok), (.unknown, nil, .unknown), (.finalTry, nil, .finalTry),
            (.ok, .ok, .ok), (.unknown, .ok, .unknown), (.unknown, .unknown, .unknown),
            (.ok, .countLow, .countLow), (.unknown, .countLow, .countLow), (.countLow, .countLow, .countLow),
            (.finalTry, .countLow, .finalTry), (.locked, .countLow, .locked),
            (.ok, .finalTry, .finalTry), (.unknown, .finalTry, .finalTry), (.countLow, .finalTry, .finalTry),
            (.ok, .locked, .finalTry), (.unknown, .locked, .finalTry), (.locked, .locked, .locked),
        ] as [(PINState, PINState?, PINState)])
    func flagsThatContradictWhatWasSeenDoNotWin(told: PINState, seen: PINState?, believed: PINState) {
        #expect(told.believed(after: seen) == believed)
    }
}
