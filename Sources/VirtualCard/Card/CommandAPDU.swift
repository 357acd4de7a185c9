// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A command to a card: the short forms of ISO 7816-4.
struct CommandAPDU: Equatable {
    let cla: UInt8
    let ins: UInt8
    let p1: UInt8
    let p2: UInt8
    var data: [UInt8] = []
    /// The most bytes of answer that are wanted, 1 to 256; nil where none.
    var expected: Int?

    /// Reads one of the four short cases; nil where the lengths do not fit.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        (cla, ins, p1, p2) = (bytes[0], bytes[1], bytes[2], bytes[3])
        let body = bytes.dropFirst(4)
        guard let first = body.first else { return }
        if body.count == 1 {
            expected = Self.count(first)
            return
        }
        let dataLength = Int(first)
        let rest = body.dropFirst(1 + dataLength)
        guard dataLength > 0, body.count > dataLength, rest.count <= 1 else { return nil }
        data = Array(body.dropFirst().prefix(dataLength))
        expected = rest.first.map(Self.count)
    }

    private static func count(_ byte: UInt8) -> Int { byte == 0 ? 256 : Int(byte) }

    /// The two parameters as one number, as file identifiers and offsets are sent.
    var parameters: UInt16 { UInt16(p1) << 8 | UInt16(p2) }
    /// More commands follow that belong to this one.
    var isChained: Bool { cla & 0x10 != 0 }
}

/// A card's answer: data, if any, and the status word (ISO 7816-4, 5.6).
struct Response: Equatable {
    var data: [UInt8] = []
    var status: StatusWord

    static func ok(_ data: [UInt8] = []) -> Response { Response(data: data, status: .ok) }
    static func failed(_ status: StatusWord) -> Response { Response(status: status) }

    var bytes: [UInt8] { data + [UInt8(status.value >> 8), UInt8(status.value & 0xFF)] }
}

struct StatusWord: Equatable {
    let value: UInt16

    static let ok = StatusWord(value: 0x9000)
    static let wrongLength = StatusWord(value: 0x6700)
    static let pinNotVerified = StatusWord(value: 0x6982)
    static let pinLocked = StatusWord(value: 0x6983)
    static let noCurrentFile = StatusWord(value: 0x6986)
    static let wrongData = StatusWord(value: 0x6A80)
    static let notFound = StatusWord(value: 0x6A82)
    static let wrongParameters = StatusWord(value: 0x6A86)
    static let noSuchReference = StatusWord(value: 0x6A88)
    static let offsetBeyondEnd = StatusWord(value: 0x6B00)
    static let unknownInstruction = StatusWord(value: 0x6D00)
    static let unknownClass = StatusWord(value: 0x6E00)

    /// More bytes of answer wait for GET RESPONSE; 0 says 256 or more.
    static func more(_ count: Int) -> StatusWord { StatusWord(value: 0x6100 | UInt16(count >= 256 ? 0 : count)) }
    static func wrongPIN(triesLeft: Int) -> StatusWord { StatusWord(value: 0x63C0 | UInt16(min(triesLeft, 15))) }
}

/// Stands between the wire and the application: puts chained commands together and hands long answers out in pieces
/// (ISO 7816-4, 5.3.3 and 5.3.4).
struct ISOTransport {
    private var chained: [UInt8] = []
    private var waiting: [UInt8] = []

    mutating func reset() {
        chained = []
        waiting = []
    }

    /// The result of one command of the wire.
    enum Step: Equatable {
        /// Answer this at once; the application need not know.
        case answer(Response)
        /// Ask the application, then call `deliver`.
        case ask(CommandAPDU)
    }

    private static let getResponse: UInt8 = 0xC0
    /// No object of these cards is longer; a chain without end must not grow for ever.
    private static let longestChain = 4096

    mutating func take(_ bytes: [UInt8]) -> Step {
        guard var command = CommandAPDU(bytes) else { return .answer(.failed(.wrongLength)) }
        if command.ins == Self.getResponse {
            return .answer(deliver(.ok(waiting), expected: command.expected ?? 256))
        }
        waiting = []
        chained += command.data
        if command.isChained {
            guard chained.count <= Self.longestChain else {
                chained = []
                return .answer(.failed(.wrongLength))
            }
            return .answer(.ok())
        }
        command.data = chained
        chained = []
        return .ask(command)
    }

    /// Cuts the answer to what was asked for and keeps the rest for GET RESPONSE.
    mutating func deliver(_ response: Response, expected: Int?) -> Response {
        let limit = expected ?? 0
        guard response.status == .ok, response.data.count > limit else {
            waiting = []
            return response
        }
        waiting = Array(response.data.dropFirst(limit))
        return Response(data: Array(response.data.prefix(limit)), status: .more(waiting.count))
    }
}
