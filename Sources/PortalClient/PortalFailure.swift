// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// Why a portal did not do what it was asked.
public enum PortalFailure: Error, Sendable, Equatable {
    /// The portal said so, by a problem of the contract: it did nothing.
    case problem(ProblemName)
    /// The problem certificate-revoked, with the word that the revocation can be taken back.
    case suspended
    /// No answer could be had; the detail is a stable word (`connect`, `timeout`, `http-502`).
    case unreachable(String)
    /// What answered is not the portal of the contract, or not the one that was meant.
    case untrusted(String)

    /// What the bus calls it.
    public var error: ErrorName {
        switch self {
        case .problem(let name): name.errorName
        case .suspended: .certificateSuspended
        case .unreachable: .portalUnreachable
        case .untrusted: .portalUntrusted
        }
    }

    /// A stable word for programs: the problem's name where the portal gave one.
    public var detail: String {
        switch self {
        case .problem(let name): name.rawValue
        case .suspended: ProblemName.certificateRevoked.rawValue
        case .unreachable(let detail), .untrusted(let detail): detail
        }
    }
}

extension PortalFailure {
    init(_ failure: WebFailure) {
        switch failure.kind {
        case .unreachable, .answerLost: self = .unreachable(failure.detail)
        case .untrusted, .tooLarge: self = .untrusted(failure.detail)
        }
    }
}
