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

    /// The failure for a job's refusal. The file is at fault where it says InvalidArgument; its own word for the fault is for programs.
    static func refusal(_ failure: JobFailure, of path: String) -> Failure {
        if failure.code == ErrorName.invalidArgument.rawValue {
            let isSignature = ["not-cms", "not-signed-data"].contains(failure.detail)
            return Failure(isSignature ? .noSignature : .fileForeign, subject: path, detail: failure.detail)
        }
        return Failure(.job, detail: "\(failure.code) \(failure.detail)")
    }
}
