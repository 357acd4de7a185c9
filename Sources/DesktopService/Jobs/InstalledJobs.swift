// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Jobs

/// The job programs as they are installed beside the service.
public struct InstalledJobs: JobLauncher {
    private let runner: JobRunner
    private let token: JobProgram
    private let courier: JobProgram

    /// - Parameter runner: starts and reaps them, on the service's loop.
    public init(runner: JobRunner, token: JobProgram, courier: JobProgram) {
        self.runner = runner
        self.token = token
        self.courier = courier
    }

    public func startToken(
        deadline: Duration?, descriptors: [Int32: Int32]
    ) async throws(JobError) -> TokenConversation {
        TokenConversation(try await runner.start(token, descriptors: descriptors, deadline: deadline))
    }

    public func startCourier(deadline: Duration?) async throws(JobError) -> CourierConversation {
        CourierConversation(try await runner.start(courier, deadline: deadline))
    }

    public func open(page: String) async throws(JobError) {
        // The page comes from the configuration or from a portal named there, never from a caller. A browser that this starts shall
        // outlive the job, whose process group is killed at its end: setsid(1) puts it into a session of its own, and looks in PATH.
        let opener = try await runner.start(
            JobProgram(path: "/usr/bin/setsid"), arguments: ["--fork", "xdg-open", page], deadline: .seconds(10))
        _ = await opener.ended()
    }
}
