// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PortalContract
import Testing

@Suite(.timeLimit(.minutes(1))) struct JSONTests {
    @Test func aValueIsReadBackAsItWasWritten() throws {
        let value = JSON.members(
            ("text", .string("Şİğı \"\\ \n\u{01}\u{1F600}")), ("number", .integer(-42)), ("yes", .bool(true)),
            ("none", .null), ("list", .array([.integer(1), .string(""), .object([])])), ("half", .fraction(0.5)))
        #expect(try JSON(utf8: value.utf8) == value)
    }

    @Test func theFormIsOneLineWithoutSpace() {
        let value = JSON.members(("a", .array([.integer(1), .null])), ("b", nil), ("c", .string("x\ty\u{7F}")))
        #expect(String(decoding: value.utf8, as: UTF8.self) == #"{"a":[1,null],"c":"x\u0009y\u007f"}"#)
    }

    @Test func escapesAreReadAsCharacters() throws {
        let text = #" "\u015eubat \ud83d\ude00 \/ \b\f\n\r\t" "#
        #expect(try JSON(utf8: text.utf8) == .string("Şubat 😀 / \u{08}\u{0C}\n\r\t"))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":1,\"a\":2}", "01", "1.", ".5", "-", "1e",
        "+1",
        "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"",
        "1 2",
        "{}x", "NaN", "1e999", "'a'", "\u{FEFF}{}",
    ])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: InvalidMessage(field: "")) { try JSON(utf8: text.utf8) }
    }

    @Test func nestingHasALimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(utf8: nested(JSON.deepest).utf8)
        #expect(throws: InvalidMessage.self) { try JSON(utf8: nested(JSON.deepest + 2).utf8) }
        #expect(throws: InvalidMessage.self) { try JSON(utf8: String(repeating: "[", count: 100_000).utf8) }
    }

    @Test func octetsThatAreNoUTF8AreRefused() {
        let bad: [[UInt8]] = [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]]
        for bytes in bad {
            #expect(throws: InvalidMessage.self) { try JSON(utf8: bytes) }
        }
    }

    @Test func nullAndAbsentAreTheSameAndAWrongTypeIsNamed() throws {
        let value = try JSON(utf8: #"{"a":null,"b":7}"#.utf8)
        #expect(try value.optionalText("a") == nil)
        #expect(try value.optionalText("c") == nil)
        #expect(throws: InvalidMessage(field: "b")) { try value.text("b") }
        #expect(throws: InvalidMessage(field: "a")) { try value.integer("a") }
    }
}
