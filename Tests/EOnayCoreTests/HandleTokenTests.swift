// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HandleTokenTests {
    @Test func aTokenCanStandInAPath() throws {
        #expect(try HandleToken("a_Z9").text == "a_Z9")
        for text in ["", "a-b", "a b", "ş", "a/b", String(repeating: "a", count: 65)] {
            #expect(throws: ErrorName.invalidArgument) { try HandleToken(text) }
        }
    }
}
