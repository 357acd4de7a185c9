// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Texts

/// A failure on the desktop, for who clicked and has no terminal to look at.
enum DesktopMessage {
    /// Tells it, if there is a desktop that shows such things; else nobody can be told.
    static func tell(_ failure: Failure, _ console: Console) {
        let (what, remedy) = failure.explained(console.texts)
        try? Program.run { (loop: EventLoop) in
            let bus = Connection(on: loop)
            try await bus.open(.session)
            try await show("\(what)\n\(remedy)", bus)
        }
    }

    /// Asks for the card that is to sign, before there is an approval that could.
    static func askForCard(_ texts: Texts, _ bus: Connection) async {
        try? await show(texts.text("Put in the card that you want to sign with."), bus)
    }

    private static func show(_ text: String, _ bus: Connection) async throws {
        _ = try await bus.call(
            "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
            "Notify",
            [
                .string("E-Onay"), .uint32(0), .string("org.eonay.EOnay1"), .string("E-Onay"), .string(text),
                .array(of: "s", []), .options([:]), .int32(-1),
            ])
    }
}
