// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Glibc
import JobFrames
import Jobs
import Notifications

/// The notifier's life on the loop, where the service has it too: Swift's shared pool would wake up each second, and the tests count
/// wake-ups.
actor Session {
    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let bus: Connection
    private let jobs: JobRunner
    private nonisolated let notifier: Notifier

    init(_ arguments: [String], _ loop: EventLoop) {
        self.loop = loop
        bus = Connection(on: loop)
        jobs = JobRunner(on: loop)
        var settings = Notifier.Settings()
        settings.serverDeadline = Self.number(arguments, 1) ?? 5
        if let patience = Self.number(arguments, 2) { settings.patience = .seconds(patience) }
        if arguments.count > 3 {
            let path = arguments[3]
            settings.program = { () throws(JobError) in JobProgram(path: path, environment: .sessionBus) }
        }
        notifier = Notifier(
            application: "E-Onay", desktopEntry: "org.eonay.EOnay1", runner: jobs, bus: bus, settings: settings)
    }

    private static func number(_ arguments: [String], _ index: Int) -> Double? {
        arguments.count > index ? Double(arguments[index]) : nil
    }

    func run(reading input: BlockingThread) async {
        try? await bus.open(.session)
        Task(executorPreference: loop.tasks) { for await event in self.notifier.events { self.say(Self.text(event)) } }
        say("ready")
        input.post { self.readCommands() }
    }

    private nonisolated func readCommands() {
        while let line = readLine() {
            obey(line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }
        Task(executorPreference: loop.tasks) { await self.stop() }
    }

    private func stop() async {
        await notifier.stop()
        say("stopped")
        await jobs.stop()
        await bus.close()
        loop.stop()
    }

    private nonisolated func obey(_ parts: [String]) {
        switch parts.first {
        case "show":
            notifier.show(
                NotificationContent(
                    key: parts[1], summary: parts[2], body: parts[3],
                    urgency: NotificationContent.Urgency(rawValue: parts[4]) ?? .normal,
                    actions: parts.dropFirst(6).map { action in
                        let pair = action.split(separator: "=").map(String.init)
                        return .init(id: pair[0], label: pair[1])
                    },
                    lifetime: Int32(parts[5]).map { .milliseconds($0) }
                        ?? (parts[5] == "server" ? .asTheServerLikes : .untilDismissed)))
            say("asked")
        case "withdraw": notifier.withdraw(parts[1])
        case "prepare":
            notifier.prepare()
            // Said once there is a job.
            Task(executorPreference: loop.tasks) {
                while await self.jobs.count == 0 { await Task.yield() }
                self.say("prepared")
            }
        default: say("unknown command")
        }
    }

    private static func text(_ event: NotificationEvent) -> String {
        switch event {
        case .shown(let key): "shown \(key)"
        case .action(let key, let id): "action \(key) \(id)"
        case .closed(let key, let reason): "closed \(key) \(reason.rawValue)"
        case .unavailable(let reason): "unavailable \(reason)"
        case .withoutActions: "without-actions"
        }
    }

    private nonisolated func say(_ line: String) {
        var line = line + "\n"
        line.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
    }
}
