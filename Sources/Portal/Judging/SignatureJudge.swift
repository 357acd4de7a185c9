// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures

struct SignatureJudgement: Sendable {
    let certificate: CertificateFacts
    /// From the signer's certificate to the anchor.
    let chain: [CertificateFacts]
    /// As the signer claims it; recorded, not judged.
    let signingTime: Int64
    let revocation: RevocationFinding
}

/// Judges a signature in the order of the contract; the first failure is thrown as its problem.
struct SignatureJudge: Sendable {
    /// Read again whenever a file in the directory has changed.
    let anchors: TrustDirectory
    let revocation: any RevocationChecking
    private let chains = ChainMemory()

    init(anchors: TrustDirectory, revocation: any RevocationChecking) {
        (self.anchors, self.revocation) = (anchors, revocation)
    }

    /// - Parameters:
    ///   - identity: whose session it is.
    ///   - text: the octets that the portal composed.
    ///   - time: when the signature was received, UTC seconds.
    func judge(_ der: [UInt8], identity: NationalIdentity, text: [UInt8], at time: Int64) async throws
        -> SignatureJudgement
    {
        let signature: PortalSignature
        do {
            signature = try PortalSignature.open(der)
        } catch {
            throw PortalProblem(.badSignature)
        }
        guard signature.certificate.identity == identity.digits else { throw PortalProblem(.identityMismatch) }
        guard signature.content == text else { throw PortalProblem(.textMismatch) }
        let trust = try anchors.current()
        let chain: [CertificateFacts]
        do {
            chain = try chains.chain(of: signature, trust: trust, at: time)
        } catch {
            throw PortalProblem(ProblemName(ofCertificate: error))
        }
        return SignatureJudgement(
            certificate: signature.certificate, chain: chain, signingTime: signature.signingTime,
            revocation: try await revocation.check(chain, at: time))
    }
}

extension ProblemName {
    /// The contract's name for what is wrong with a signer's certificate; every other reason is about its chain.
    fileprivate init(ofCertificate reason: SignatureReason) {
        self =
            switch reason.fault {
            case .notYetValid: .certificateNotYetValid
            case .expired: .certificateExpired
            case .notQualified: .notQualified
            default: .untrustedIssuer
            }
    }
}

/// Finds out whether a certificate was revoked.
protocol RevocationChecking: Sendable {
    /// Throws certificate-revoked, or revocation-unknown where that must be known.
    ///
    /// - Parameter chain: from the certificate to the anchor.
    func check(_ chain: [CertificateFacts], at time: Int64) async throws -> RevocationFinding
}

/// Signatures under one code are judged one after the other, and only so many in all: judging costs a chain and questions
/// to responders, and a refusal counts only when the judgement is over.
///
/// Each process has its own queue, which only saves work: the store decides what is recorded.
actor SignatureQueue {
    private struct Line {
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var judged = 0
        /// When the code lapses, UTC seconds.
        let until: Int64
    }

    private var lines: [Data: Line] = [:]

    /// How many may wait for the one that is being judged.
    private static let longestLine = 16
    /// How many are judged under one code. Three refusals end a code, but a responder that does not answer refuses nothing.
    static let most = 40

    /// Returns when it is this signature's turn; each return needs a `leave`. Throws too-many-requests.
    ///
    /// - Returns: whether another signature was judged under the code before, so that what is known of the code may be old.
    func enter(_ code: Data, until: Int64, at now: Int64) async throws -> Bool {
        var line = lines[code] ?? Line(until: until)
        guard line.judged < Self.most else { throw PortalProblem.tooManyRequests(retryAfter: max(1, until - now)) }
        guard line.waiting.count < Self.longestLine else { throw PortalProblem.tooManyRequests(retryAfter: 1) }
        line.judged += 1
        guard line.isBusy else {
            line.isBusy = true
            lines[code] = line
            return line.judged > 1
        }
        await withCheckedContinuation { turn in
            line.waiting.append(turn)
            lines[code] = line
        }
        return true
    }

    func leave(_ code: Data) {
        guard var line = lines[code] else { return }
        if line.waiting.isEmpty {
            line.isBusy = false
            lines[code] = line
        } else {
            let next = line.waiting.removeFirst()
            lines[code] = line
            next.resume()
        }
    }

    func sweep(at now: Int64) {
        lines = lines.filter { $0.value.isBusy || $0.value.until > now }
    }
}
