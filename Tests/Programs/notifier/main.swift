// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Notifications

// A process with a notifier, for tests that give each its own session bus: `notifier [DEADLINE]`. Commands come as lines
// of standard input, their parts separated by tabs; events go out as lines. The end of the input stops it.
//
//     show KEY SUMMARY BODY URGENCY LIFETIME [ID=LABEL]...        LIFETIME in milliseconds, "server" or "dismissed"
//     withdraw KEY

let deadline = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 5
let notifier = Notifier(application: "E-Onay", desktopEntry: "org.eonay.EOnay1", deadline: deadline)
let printer = try EventPrinter()
printer.start(notifier.events)
EventPrinter.say("ready")

while let line = readLine() {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    switch parts.first {
    case "show":
        notifier.show(
            NotificationContent(
                key: parts[1], summary: parts[2], body: parts[3],
                urgency: parts[4] == "critical" ? .critical : parts[4] == "low" ? .low : .normal,
                actions: parts.dropFirst(6).map { action in
                    let pair = action.split(separator: "=").map(String.init)
                    return .init(id: pair[0], label: pair[1])
                },
                lifetime: Int32(parts[5]).map { .milliseconds($0) }
                    ?? (parts[5] == "server" ? .asTheServerLikes : .untilDismissed)))
        EventPrinter.say("asked")
    case "withdraw": notifier.withdraw(parts[1])
    default: EventPrinter.say("unknown command")
    }
}
notifier.stop()
EventPrinter.say("stopped")
