// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Jobs

/// The job programs as they are installed beside the service.
public struct InstalledJobs: JobLauncher {
    private let runner: JobRunner
    private let token: JobProgram
    private let courier: JobProgram
    private let isUnit: Bool

    /// - Parameters:
    ///   - runner: starts and reaps them, on the service's loop.
    ///   - isUnit: systemd runs the service, with what its unit may not do.
    public init(runner: JobRunner, token: JobProgram, courier: JobProgram, isUnit: Bool) {
        self.runner = runner
        self.isUnit = isUnit
        self.token = token
        self.courier = courier
    }

    public func startToken(
        deadline: Duration?, descriptors: [Int32: Int32]
    ) async throws(JobError) -> TokenConversation {
        Conversation(try await runner.start(token, descriptors: descriptors, deadline: deadline))
    }

    public func startCourier(deadline: Duration?) async throws(JobError) -> CourierConversation {
        Conversation(try await runner.start(courier, deadline: deadline))
    }

    public func open(page: String) async throws(JobError) {
        // The page comes from the configuration or from a portal named there, never from a caller.
        try await detach(["xdg-open", page], deadline: .seconds(10))
    }

    public func open(address: String) async throws(JobError) {
        // It ends with the approval, or when no card came. Its window outlives this deadline, which frees the place of the job.
        try await detach([JobProgram.installed("eonay").path, "open", address], deadline: .seconds(900))
    }

    public func run(
        _ words: [String], environment: [String: String], deadline: Duration
    ) async throws(JobError) -> ExitStatus {
        let program = JobProgram(path: words.first ?? "", environment: .sessionBus)
        return try await runner.start(
            program, arguments: Array(words.dropFirst()), environment: environment, deadline: deadline
        ).ended()
    }

    private func detach(_ command: [String], deadline: Duration) async throws(JobError) {
        let starter = try await runner.start(
            JobProgram(
                path: isUnit ? "/usr/bin/systemd-run" : "/usr/bin/setsid", environment: .whole, mayLeaveProcesses: true),
            arguments: Self.arguments(detaching: command, fromUnit: isUnit), deadline: deadline)
        _ = await starter.ended()
    }

    /// A program of the person's, such as a browser, shall outlive the job, whose process group is killed at its end, and the service. From a
    /// unit of systemd's it needs a unit of its own, or it would be bound by what ours may not do, and end with it; elsewhere a session
    /// of its own is enough; setsid(1) waits, since what it forks is still in the job's group for a moment, which would be killed
    /// with it. Both programs look in PATH.
    static func arguments(detaching command: [String], fromUnit isUnit: Bool) -> [String] {
        isUnit
            // The process that a program leaves behind is the browser: it must not be cleaned up with it. systemd logs the description,
            // which would else be the command with its address.
            ? ["--user", "--quiet", "--collect", "--wait", "--property=KillMode=process", "--description=E-Onay", "--"]
                + command
            : ["--fork", "--wait"] + command
    }
}
