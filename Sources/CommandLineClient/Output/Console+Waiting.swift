// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Texts

extension Console {
    /// Waits until every card has been read, and says that it does: on a terminal, after a moment. False where that took too long, which
    /// is told as well: here, or by `complete` in what is printed as JSON.
    func waitForCards(_ service: ServiceClient, on loop: EventLoop) async throws -> Bool {
        var isWaiting = false
        let isComplete = try await service.settled(on: loop) {
            guard !isJSON, error.isTerminal else { return }
            isWaiting = true
            error.write(texts.text("The cards are being read…"))
        }
        if isWaiting { error.write("\r\u{1B}[K") }
        if !isComplete, !isJSON {
            let sentence = texts.text("Not every card has been read yet; what is shown may not be all.")
            let lines = error.width.map { DisplayWidth.wrapped(sentence, to: $0) } ?? [sentence]
            error.write(lines.map { $0 + "\n" }.joined())
        }
        return isComplete
    }

    /// Prints what is known; that it may not be all is its last member.
    func print(_ json: JSON, isComplete: Bool) {
        guard !isComplete, case .object(let members) = json else { return print(json) }
        print(.object(members + [JSON.Member(name: "complete", value: .bool(false))]))
    }
}
