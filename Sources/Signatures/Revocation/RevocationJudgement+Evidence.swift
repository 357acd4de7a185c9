// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension RevocationJudgement {
    /// What a heap of evidence says of a certificate: revoked for good where any says so, else the newest, and of equally
    /// new ones the worst; nil where none can say.
    public static func best(
        of evidence: [RevocationEvidence], on certificate: CertificateFacts, issuer: CertificateFacts, at time: Int64,
        freshness: Freshness = .standard
    ) -> RevocationJudgement? {
        let judgements = evidence.compactMap { piece -> RevocationJudgement? in
            do throws(RevocationError) {
                return switch piece {
                case .ocsp(let der):
                    try OCSPResponse(der)
                        .judgement(of: certificate, issuer: issuer, at: time, freshness: freshness)
                case .crl(let bytes):
                    try RevocationList(bytes, issuer: issuer, takesParts: true)
                        .judgement(of: certificate, at: time, freshness: freshness)
                }
            } catch {
                // Evidence about another certificate, or none at all: it neither helps nor harms.
                return nil
            }
        }
        return judgements.first(where: \.isFinal)
            ?? judgements.max { ($0.thisUpdate, weight(of: $0.status)) < ($1.thisUpdate, weight(of: $1.status)) }
    }
}
