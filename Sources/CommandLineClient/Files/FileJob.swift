// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import EventLoops
import JobFrames
import Jobs

/// The job that reads certificates and signatures: this program parses neither. No service is needed.
enum FileJob {
    private static let deadline: Duration = .seconds(30)

    /// Asks `eonay-token` one thing. Throws `Failure`.
    static func ask(_ request: TokenRequest, on loop: EventLoop) async throws -> TokenReply {
        do throws(JobError) {
            let job = try await JobRunner(on: loop).start(.token(), deadline: deadline)
            let reply = try await Conversation<TokenRequest, TokenReply>(job).ask(request)
            await job.close()
            return reply
        } catch {
            throw error.code == .tooLong ? Failure(.fileTooLarge) : Failure(.job, detail: error.description)
        }
    }

    /// The failure for a job's refusal. With InvalidArgument, the file is not of the `kind`; the job's detail is for programs.
    static func refusal(_ failure: JobFailure, of path: String, _ kind: Failure.Code) -> Failure {
        failure.name == .invalidArgument
            ? Failure(kind, subject: path, detail: failure.detail)
            : Failure(.job, detail: "\(failure.name.rawValue) \(failure.detail)")
    }
}
