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
            case .open(let endpoint): return try open(endpoint)
            case .revocation(let request): return .revocation(try RevocationLookup(request).answer())
            default:
                guard let client else { throw InvalidRequest("open") }
                return try ask(client, request)
            }
        } catch let invalid as InvalidRequest {
            return .failed(
                JobFailure(code: ErrorName.invalidArgument.rawValue, detail: invalid.field, heldBy: ""))
        } catch let failure as PortalFailure {
            return .failed(JobFailure(code: failure.error.rawValue, detail: failure.detail, heldBy: ""))
        } catch {
            return .failed(JobFailure(code: ErrorName.internal.rawValue, detail: "", heldBy: ""))
        }
    }

    private mutating func open(_ endpoint: PortalEndpoint) throws -> CourierReply {
        client = nil
        guard let origin = try? Origin(endpoint.origin) else { throw InvalidRequest("origin") }
        client = try PortalClient(
            portal: origin, caFile: endpoint.caFile.isEmpty ? nil : endpoint.caFile,
            timeouts: PortalTimeouts(connect: endpoint.connectTimeout, total: endpoint.totalTimeout))
        return .opened
    }

    private func ask(_ client: PortalClient, _ request: CourierRequest) throws -> CourierReply {
        switch request {
        case .open, .revocation: throw InvalidRequest("request")
        case .statement: return .statement(Statement(try client.statement()))
        case .session(let identity):
            // The number is a certificate's: its checksum is the portal's to judge.
            guard let identity = try? NationalIdentity(certified: identity) else {
                throw InvalidRequest("identity")
            }
            return .challenge(Challenge(try client.openSession(for: identity)))
        case .challenge(let code): return .challenge(Challenge(try client.challenge(try self.code(code))))
        case .submit(let code, let signature):
            return .submitted(Submission(try client.submit(signature, under: try self.code(code))))
        case .confirm(let number): return .confirmed(state: try client.confirm(number: number).rawValue)
        case .decide(let decision, let version):
            guard let decision = Decision(rawValue: decision) else { throw InvalidRequest("decision") }
            return .challenge(Challenge(try client.decide(decision, statementVersion: version)))
        case .status: return .status(ConsentStatus(try client.status()))
        case .consent(let reference): return .consent(ConsentRecord(try client.consent(reference)))
        case .apply(let kind):
            guard let kind = ApplicationKind(rawValue: kind) else { throw InvalidRequest("kind") }
            let filed = try client.apply(kind)
            return .applied(reference: filed.reference, consent: filed.consent, at: filed.at)
        case .newestApplication(let kind):
            guard let kind = ApplicationKind(rawValue: kind) else { throw InvalidRequest("kind") }
            let newest = try client.applications().filter { $0.kind == kind }.max { $0.at < $1.at }
            return .newestApplication(reference: newest?.reference ?? "")
        case .end:
            try client.end()
            return .ended
        }
    }

    private func code(_ digits: String) throws -> VerificationCode {
        guard let code = try? VerificationCode(digits) else { throw InvalidRequest("code") }
        return code
    }
}

/// A request that no parent of ours makes.
struct InvalidRequest: Error, Equatable {
    /// Which part of it is wrong.
    let field: String

    init(_ field: String) { self.field = field }
}
