// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops

/// A failure on the desktop, for who clicked and has no terminal to look at.
enum DesktopMessage {
    /// Tells it, if there is a desktop that shows such things; else nobody can be told.
    static func tell(_ failure: Failure, _ console: Console) {
        let (what, remedy) = failure.explained(console.texts)
        try? Program.run { (loop: EventLoop) in
            let bus = Connection(on: loop)
            try await bus.open(.session)
            _ = try await bus.call(
                "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
                "Notify",
                [
                    .string("E-Onay"), .uint32(0), .string("org.eonay.EOnay1"), .string("E-Onay"),
                    .string("\(what)\n\(remedy)"), .array(of: "s", []), .options([:]), .int32(-1),
                ])
        }
    }
}
