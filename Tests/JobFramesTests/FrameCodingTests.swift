// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Testing

/// The form of each kind of value, octet by octet.
@Suite(.timeLimit(.minutes(1)))
struct FrameCodingTests {
    private struct Numbers: FrameMessage {
        var large: UInt32 = 0x0102_0304
        var negative: Int64 = -2
        var small: UInt8 = 7
    }

    private struct Fields: FrameMessage {
        var label: String?
        var isQualified: Bool?
        var ocsp: [String]?
        var trust: [[UInt8]]?
        var word: Word?
    }

    private enum Word: String, FrameMessage { case ja, nein }

    private enum Choice: FrameMessage {
        case nothing
        case one(UInt8)
        case two(name: String, other: Word?)
    }

    private indirect enum Tower: FrameMessage {
        case floor(Tower)
        case roof
    }

    private struct Unsupported: FrameMessage { var list: [UInt8?] }

    private struct Picky: FrameMessage {
        struct Refusal: Error {}
        var digit: UInt8
        init(digit: UInt8) { self.digit = digit }
        init(from decoder: any Decoder) throws {
            digit = try decoder.singleValueContainer().decode(UInt8.self)
            if digit > 9 { throw Refusal() }
        }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(digit)
        }
    }

    private func error<Message: FrameMessage>(_ type: Message.Type, _ payload: [UInt8]) -> String? {
        #expect(throws: FrameError.self) { try type.init(payload: payload) }?.description
    }

    private let version = Frame.version

    @Test func numbersAreBigEndian() throws {
        let payload = try Numbers().payload()
        #expect(payload == [version, 1, 2, 3, 4, 255, 255, 255, 255, 255, 255, 255, 254, 7])
        #expect(try Numbers(payload: payload) == Numbers())
    }

    @Test func eachOptionalFieldBeginsWithAByte() throws {
        #expect(try Fields().payload() == [version, 0, 0, 0, 0, 0])
        let full = Fields(label: "é", isQualified: false, ocsp: ["a", ""], trust: [[9, 8]], word: .ja)
        let payload = try full.payload()
        let octets: [[UInt8]] = [
            [version], [1, 0, 0, 0, 2, 0xC3, 0xA9], [1, 0], [1, 0, 0, 0, 2, 0, 0, 0, 1, 97, 0, 0, 0, 0],
            [1, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8], [1, 0, 0, 0, 2, 106, 97],
        ]
        #expect(payload == octets.flatMap { $0 })
        #expect(try Fields(payload: payload) == full)
    }

    @Test func aCaseIsItsName() throws {
        #expect(try Choice.nothing.payload() == [version, 0, 0, 0, 7] + Array("nothing".utf8))
        #expect(try Choice.one(5).payload() == [version, 0, 0, 0, 3] + Array("one".utf8) + [5])
        for choice in [Choice.nothing, .one(5), .two(name: "x", other: nil), .two(name: "", other: .nein)] {
            #expect(try Choice(payload: choice.payload()) == choice)
        }
    }

    @Test func aLengthBeyondTheEndIsRefusedByName() {
        #expect(error(Fields.self, [version, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x41]) == "label: truncated")
    }

    @Test func aCountBeyondTheLimitOrTheFrameIsRefused() {
        let zeros = [UInt8](repeating: 0, count: 8000)
        #expect(error(Fields.self, [version, 0, 0, 1, 0, 0, 4, 1] + zeros) == "ocsp: too many elements")
        #expect(error(Fields.self, [version, 0, 0, 0, 1, 0, 0, 0, 9, 0]) == "trust: too many elements")
    }

    @Test func textThatIsNotUTF8IsRefused() {
        #expect(error(Fields.self, [version, 1, 0, 0, 0, 2, 0xC3, 0x28]) == "label: not UTF-8")
    }

    @Test func aBooleanIsZeroOrOne() {
        #expect(error(Fields.self, [version, 0, 1, 2]) == "isQualified: unknown choice")
        #expect(error(Fields.self, [version, 2]) == "label: unknown choice")
    }

    @Test func aWordThatIsNoCaseIsRefusedWithoutRepeatingIt() {
        #expect(error(Fields.self, [version, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x7A]) == "word: unknown choice")
        #expect(error(Choice.self, [version, 0, 0, 0, 1, 0x7A]) == "Choice: unknown choice")
    }

    @Test func whatAValuesOwnRulesRefuseIsRefused() throws {
        #expect(try Picky(payload: [version, 9]).digit == 9)
        #expect(error(Picky.self, [version, 10]) == "Picky: invalid value")
    }

    @Test func theDepthHasALimit() throws {
        var tower = Tower.roof
        for _ in 1..<Frame.maximumDepth { tower = .floor(tower) }
        #expect(try Tower(payload: tower.payload()) == tower)
        #expect(error(Tower.self, try Tower.floor(tower).payload()) == "floor: too deep")
        let floor: [UInt8] = [0, 0, 0, 5] + Array("floor".utf8)
        let hostile = [version] + (0..<100_000).flatMap { _ in floor }
        #expect(error(Tower.self, hostile) == "floor: too deep")
    }

    @Test func whatHasNoFormIsNotSent() {
        #expect(throws: FrameError(.unsupported, "")) { try Unsupported(list: [nil]).payload() }
        let long = Fields(ocsp: [String](repeating: "", count: Frame.maximumCount + 1))
        #expect(throws: FrameError(.tooMany, "")) { try long.payload() }
    }

    // MARK: - The rules of what a frame holds

    private struct Held<Value: Codable & Sendable & Equatable>: FrameMessage { var value: Value }

    /// Reads these fields, one after the other, as a value of another type.
    private func refuses<Value: Codable & Sendable & Equatable>(
        _ type: Value.Type, _ fields: some FrameMessage
    ) throws -> Bool {
        do { _ = try Held<Value>(payload: fields.payload()) } catch { return error == FrameError(.invalidValue, "") }
        return false
    }

    private struct DeclarationFields: FrameMessage { var decision: Decision, version: String, statement: String }
    private struct OfferFields: FrameMessage {
        var code = "112233445566778"
        var purpose = Purpose.login
        var declaration: DeclarationFields?
        var secondsLeft: UInt32 = 300
    }
    private struct ReceiptFields: FrameMessage { var number: String?, reference: String? }

    @Test(arguments: ["", "1", "11223-34455-66778", "11223344556677x", "1122334455667788"])
    func aCodeIsItsFifteenDigits(_ text: String) throws {
        #expect(try refuses(VerificationCode.self, Held(value: text)))
    }

    @Test(arguments: [
        "http://portal.example.org", "https://portal.example.org/", "https://Portal.example.org",
        "https://portal.example.org:443", "portal.example.org", "",
    ])
    func anOriginInAnotherSpellingIsRefused(_ text: String) throws {
        #expect(try refuses(Origin.self, Held(value: text)))
    }

    @Test(arguments: ["1", "1000000014x", ""]) func aNumberOfNobodyIsRefused(_ text: String) throws {
        #expect(try refuses(NationalIdentity.self, Held(value: text)))
    }

    @Test func aDeclarationKeepsItsRules() throws {
        for statement in ["", "KABUL\u{202E} EDİYORUM", "s\u{327}", String(repeating: "a", count: 513)] {
            let fields = DeclarationFields(decision: .accept, version: "1", statement: statement)
            #expect(try refuses(Declaration.self, fields))
        }
        struct Pair: FrameMessage { var acceptance: DeclarationFields, refusal: DeclarationFields }
        let accept = DeclarationFields(decision: .accept, version: "1", statement: "a")
        let other = DeclarationFields(decision: .decline, version: "2", statement: "a")
        #expect(try refuses(OfferedStatement.self, Pair(acceptance: accept, refusal: accept)))
        #expect(try refuses(OfferedStatement.self, Pair(acceptance: accept, refusal: other)))
    }

    @Test func anOfferHasADeclarationExactlyWhereItIsAConsent() throws {
        let declaration = DeclarationFields(decision: .accept, version: "1", statement: "a")
        #expect(try refuses(OfferedCode.self, OfferFields(purpose: .consent)))
        #expect(try refuses(OfferedCode.self, OfferFields(declaration: declaration)))
        #expect(try refuses(OfferedCode.self, OfferFields(secondsLeft: OfferedCode.longestLife + 1)))
        #expect(try !refuses(OfferedCode.self, OfferFields(purpose: .consent, declaration: declaration)))
    }

    @Test func aReceiptIsANumberOrAReference() throws {
        for fields in [
            ReceiptFields(), ReceiptFields(number: "123456", reference: "R"), ReceiptFields(number: "12345"),
            ReceiptFields(reference: "../R"),
        ] {
            #expect(try refuses(PortalReceipt.self, fields))
        }
    }
}
