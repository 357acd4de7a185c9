// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
internal import JobFrames
internal import PortalClient
internal import PortalContract

/// Answers the requests of `eonayd`, each by what the portal said.
struct Courier {
    /// The portal that `open` named.
    private var client: PortalClient?

    /// The reply to a request: what was asked for, or why it could not be had.
    mutating func answer(_ request: CourierRequest) -> CourierReply {
        do {
            switch request {
            case .open(let origin, let caFile, let connect, let total):
                client = nil
                client = try PortalClient(
                    portal: origin, caFile: caFile.isEmpty ? nil : caFile,
                    timeouts: PortalTimeouts(connect: connect, total: total))
                return .opened
            case .question(let question): return try ask(openClient, question)
            case .revocation(let certificate, let issuer, let takesLists, let timeout):
                let lookup = try RevocationLookup(
                    certificate, issuer: issuer, takesLists: takesLists, milliseconds: timeout)
                return .revocation(lookup.answer())
            case .probe(let address, let caFile, let timeout):
                let answer = try WebFetcher(timeout: timeout, caFile: caFile.isEmpty ? nil : caFile).probe(address)
                return .probed(status: UInt32(clamping: answer.status), date: answer.date)
            case .end:
                try openClient.end()
                return .ended
            }
        } catch let failure as JobFailure {
            return .failed(failure)
        } catch let failure as PortalFailure {
            return .failed(JobFailure(failure.error, failure.detail, problem: failure.problem))
        } catch {
            return .failed(JobFailure(.internal))
        }
    }

    private var openClient: PortalClient {
        get throws(JobFailure) {
            guard let client else { throw JobFailure(.invalidArgument, "open") }
            return client
        }
    }

    private func ask(_ client: PortalClient, _ question: PortalQuestion) throws -> CourierReply {
        switch question {
        case .statement: return .statement(try client.statement())
        case .session(let identity): return .code(try client.openSession(for: identity))
        case .code(let code): return .code(try client.offer(of: code))
        case .submit(let code, let signature): return .receipt(try client.submit(signature, under: code))
        case .confirm(let number):
            return .confirmed(isLoggedIn: try client.confirm(number: number) == .loggedIn)
        case .decide(let decision, let version):
            return .code(try client.decide(decision, statementVersion: version))
        case .apply: return .filed(reference: try client.apply(.renewal).reference)
        case .newestApplication:
            let newest = try client.applications().filter { $0.kind == .renewal }.max { $0.at < $1.at }
            return .newestApplication(reference: newest?.reference)
        }
    }
}
