// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import Signatures
import SystemBasics

/// The work that needs no card: the facts of certificate files, the judgement on signatures.
enum Inspection {
    /// Longer content is not repeated in the answer.
    private static let longestText = 64 * 1024

    /// Throws `JobFailure` `InvalidArgument` where there is no certificate to be read.
    static func inspect(_ request: InspectRequest) throws(JobFailure) -> [CertificateDescription] {
        guard request.data.count <= InspectRequest.maximumSize else { throw JobFailure(.invalidArgument, "too-large") }
        do throws(CertificateError) {
            return try CertificateFacts.readAll(request.data).map {
                CertificateDescription($0, salt: [])
            }
        } catch {
            throw JobFailure(.invalidArgument, error.code.rawValue)
        }
    }

    /// Judges at the B level; a signature that is broken is a judgement, too.
    ///
    /// Throws `JobFailure` `InvalidArgument` where there is no signature to be judged: another kind of file, or of CMS.
    static func verify(_ request: VerifyRequest) throws(JobFailure) -> VerificationDescription {
        let verifier = CAdESVerifier(trust: TrustStore(certificates: request.trust))
        let report = verifier.verify(request.signature, content: request.content, at: request.at)
        if let reason = report.reasons.first(where: { [.notCMS, .notSignedData].contains($0.fault) }) {
            throw JobFailure(.invalidArgument, reason.fault.rawValue)
        }
        var description = VerificationDescription(report)
        // The container's own faults are each signer's; where there is no signer, an empty one bears them.
        if report.signers.isEmpty, !report.reasons.isEmpty {
            description.signers = [
                SignerDescription(
                    conclusion: description.conclusion, reasons: report.reasons, certificate: nil,
                    signingTime: 0, digest: "", level: "")
            ]
        }
        return description
    }

    /// The content as text, where it is short and holds nothing that a terminal must not be given.
    static func text(of content: [UInt8]?) -> String? {
        guard let content, content.count <= longestText, let text = String(validating: content, as: UTF8.self),
            ShowableText.lines(text) == text
        else { return nil }
        return text
    }
}

extension VerificationDescription {
    init(_ report: SignatureReport) {
        self.init(
            conclusion: report.conclusion, signers: report.signers.map { SignerDescription($0) },
            contentType: report.contentType, contentLength: report.content.map { Int64($0.count) } ?? -1,
            contentText: Inspection.text(of: report.content))
    }
}

extension SignerDescription {
    init(_ report: SignerReport) {
        self.init(
            conclusion: report.conclusion, reasons: report.reasons,
            certificate: report.certificate.map { CertificateDescription($0, salt: []) },
            signingTime: report.signingTime ?? 0, digest: report.digest, level: report.level.rawValue,
            notes: report.notes)
    }
}
