// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tokens

@Suite(.timeLimit(.minutes(1)))
struct TokenErrorTests {
    @Test(
        arguments: [
            (0xA0, TokenError.Kind.pinIncorrect), (0xA1, .pinInvalid), (0xA2, .pinInvalid), (0xA3, .pinChangeRequired),
            (0xA4, .pinLocked), (0x102, .pinChangeRequired), (0x32, .tokenRemoved), (0xE0, .tokenRemoved),
            (0xE1, .tokenNotRecognised), (0x50, .pinEntryCancelled), (0x05, .tokenFailed), (0x30, .tokenFailed),
            (0x8000_0001, .tokenFailed),
        ] as [(UInt, TokenError.Kind)])
    func eachValueHasItsMeaning(_ value: UInt, _ kind: TokenError.Kind) {
        #expect(TokenError(.returned(value), call: "C_Login").kind == kind)
    }

    @Test func onlyCKR_PIN_INCORRECTIsAWrongPIN() {
        for value in UInt(1)...0x200 where value != 0xA0 {
            #expect(TokenError(.returned(value), call: "C_Login").kind != .pinIncorrect)
        }
    }

    @Test func theDetailNamesValueAndCall() {
        #expect(TokenError(.returned(0x32), call: "C_Sign").detail == "CKR_DEVICE_REMOVED C_Sign")
        #expect(TokenError(.returned(0x8000_0001), call: "C_Sign").detail == "CKR_0x80000001 C_Sign")
    }

    @Test func aVagueErrorIsARemovalOnceTheCardIsSeenToBeGone() {
        let vague = TokenError(.returned(0x05), call: "C_Sign")
        #expect(vague.asksForASecondLook)
        #expect(vague.knowingTheCardIsGone().kind == .tokenRemoved)
        #expect(!TokenError(.returned(0xA0), call: "C_Login").asksForASecondLook)
    }
}
