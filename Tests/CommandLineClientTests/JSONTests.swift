// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract
import Testing

@testable import CommandLineClient

@Suite(.timeLimit(.minutes(1)))
struct JSONTests {
    @Test func membersKeepTheirOrderAndNothingIsThere() {
        let json: JSON = [
            "b": .integer(-3), "a": .optional(""), "c": .time(0), "d": .texts(["x", "y"]), "e": .bool(true),
        ]
        #expect(json.line == #"{"b":-3,"a":null,"c":null,"d":["x","y"],"e":true}"#)
    }

    @Test func everyTextComesBackAsItWas() throws {
        let text = "Şükrü \"İğdırlı\" \\ \n\t\u{0}\u{1B}\u{7F}\u{9B} 漢 🙂"
        let line = JSON.object([.init("t", .string(text))]).line
        let back = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
        #expect(back == ["t": text])
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    }
}
