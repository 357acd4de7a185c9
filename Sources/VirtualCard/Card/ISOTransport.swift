// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
