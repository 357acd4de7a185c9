// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Signatures

/// Every signature of the Turkish CAdES conformance suite, and where our verdict differs from the suite's, why.
///
/// The verifier judges at level B (EN 319 102-1, 5.3): it asks nobody, and looks into no time stamp. So it may leave open
/// what the suite decides, but never says "valid" without a note of what it did not look into, and never "invalid" of
/// what is valid.
@Suite(.timeLimit(.minutes(2)))
struct ConformanceSuiteTests {
    private let suite: ConformanceSuite
    /// 1 March 2021: after the signatures were made, and while all their certificates were good.
    private static let then: Int64 = 1_614_556_800

    init() throws {
        suite = try ConformanceSuite()
    }

    private func report(_ signature: [UInt8], trusting more: [[UInt8]] = []) -> SignatureReport {
        CAdESVerifier(trust: TrustStore(certificates: suite.anchors + more)).verify(signature, at: Self.then)
    }

    private static func faults(_ report: SignatureReport) -> Set<String> {
        Set(
            (report.reasons + report.signers.flatMap(\.reasons)).map { reason in
                reason.detail.isEmpty ? reason.fault.rawValue : "\(reason.fault.rawValue) (\(reason.detail))"
            })
    }

    @Test func theSuiteIsWhole() {
        #expect(suite.cases.count == 173)
        #expect(Set(suite.cases.map(\.group)) == ["bes", "est", "xlong", "esa", "p4_a"])
    }

    /// The intermediates are in no place that level B reads, or nowhere. All that remains open is left open.
    @Test func withTheRootsAloneNothingIsSaidThatTheSuiteDenies() {
        for item in suite.cases {
            let report = report(item.signature)
            let isBroken = ["message-digest attribute altered", "signature value altered"].contains(item.description)
            #expect(report.conclusion == (isBroken ? .invalid : .indeterminate), "\(item.file)")
            #expect(!(item.isValid && report.conclusion == .invalid), "\(item.file)")
        }
    }

    /// Cases that level B decides by itself once the issuer is trusted, by the suite's own words.
    private static let decided = [
        "message-digest attribute altered": "digest-mismatch", "signature value altered": "signature-mismatch",
        "signer's key usage lacks nonRepudiation": "not-qualified (no-non-repudiation)",
        "signer certificate lacks the user notice": "not-qualified (no-user-notice)",
        "signer's qcStatements lack the ETSI statement": "not-qualified (no-qc-compliance)",
        "signer certificate's own signature is broken": "chain-broken (bad-signature)",
        "signing-certificate hash altered": "certificate-mismatch",
        // A matter of policy: the suite takes SHA-1.
        "signed with SHA-1": "digest-weak",
        // The suite contradicts itself: case 33 of P4 says invalid. Ours refuses what it cannot understand.
        "signer certificate has a usage restriction (suite contradicts itself, P4_33)":
            "not-qualified (usage-restricted)",
        // Of a revocation after the time stamp, level B cannot know that the signature was there before.
        "signer revoked (OCSP) before the signature time stamp": "certificate-revoked",
        "signer revoked (OCSP) after the signature time stamp": "certificate-revoked",
        "two signers: first one revoked, the second is good": "certificate-revoked",
        "counter-signed: first signer revoked, the second is good": "certificate-revoked",
    ]

    /// Why "valid" is right at level B though the suite says "invalid": the beginning of the suite's words, and the note
    /// that must stand beside our verdict; nil where no signature library sees the fault.
    private static let exceptions: [(words: String, note: SignatureNote?, why: String)] = [
        ("signed PDF/A-3 has a Word attachment", nil, "the content is nobody's business here"),
        ("content-hints says image/jpeg", nil, "the content is nobody's business here"),
        ("signature-policy hash", nil, "policies are the reader's to demand"),
        ("signing-certificate is of version 1", nil, "version 1 binds the certificate, too"),
        ("sub-CA certificate's signature is broken", nil, "the sub-CA itself is trusted in this walk"),
        ("signer revoked (OCSP)", .revocationUnknown, "the responder would have to be asked"),
        ("issuer's signature on the signer's CRL", .revocationUnknown, "a broken list says nothing"),
        ("signature on the signer's OCSP answer", .revocationUnknown, "a broken answer says nothing"),
        ("OCSP responder certificate's signature", .revocationUnknown, "a broken answer says nothing"),
        ("OCSP answer speaks of another certificate", .revocationUnknown, "it says nothing of this one"),
        // ESA_51, which bears no countersignature, whatever is said of it.
        ("counter-signed: first signer's sub-CA revoked", .timeStampUnjudged, "time stamps are above level B"),
        ("signature time stamp", .timeStampUnjudged, "time stamps are above level B"),
        ("signature and reference time stamps", .timeStampUnjudged, "time stamps are above level B"),
        ("archive time stamp", .timeStampUnjudged, "time stamps are above level B"),
        ("two archive time stamps", .timeStampUnjudged, "time stamps are above level B"),
        ("signing-time lies 3 hours before", .timeStampUnjudged, "time stamps are above level B"),
        ("complete-certificate-references", .timeStampUnjudged, "references are above level B"),
        ("complete-revocation-references", .timeStampUnjudged, "references are above level B"),
        ("certificate-values", .timeStampUnjudged, "values are above level B"),
        ("revocation-values", .timeStampUnjudged, "values are above level B"),
    ]

    /// With the sub-authority of the signers trusted as an anchor, everything below it is judged.
    @Test func withTheSubAuthorityTrustedEachVerdictIsTheSuitesOrArgued() throws {
        let sub = try SharedCertificates.read("18-subroot-a1")
        for item in suite.cases {
            let report = report(item.signature, trusting: [sub])
            let faults = Self.faults(report)
            if faults == ["untrusted-issuer"] {
                // Another sub-authority, which neither is embedded nor trusted here: the suite's cases about it.
                #expect(
                    item.description.contains("sub-CA") || item.description.contains("under a root"), "\(item.file)")
                #expect(report.conclusion == .indeterminate, "\(item.file)")
            } else if report.conclusion == .valid {
                let exception = Self.exceptions.first { item.description.hasPrefix($0.words) }
                #expect(item.isValid || exception != nil, "\(item.file): valid, and nobody said why")
                if !item.isValid, let note = exception?.note {
                    #expect(report.signers.contains { $0.notes.contains(note) }, "\(item.file)")
                }
            } else {
                let fault = Self.decided[item.description]
                #expect(fault.map { faults.contains($0) } == true, "\(item.file): \(faults.sorted())")
                #expect(!(item.isValid && report.conclusion == .invalid), "\(item.file)")
            }
        }
    }

    @Test func eachSignerOfSeveralIsJudged() throws {
        let sub = try SharedCertificates.read("18-subroot-a1")
        for item in suite.cases where item.description.hasPrefix("two signers") {
            let report = report(item.signature, trusting: [sub])
            #expect(report.signers.count == 2 && report.conclusion == .indeterminate, "\(item.file)")
            #expect(report.signers.map(\.conclusion).filter { $0 == .valid }.count == 1, "\(item.file)")
        }
        for item in suite.cases
        where item.description.hasPrefix("counter-signed") && item.file != "ESA_51.pdf.p7s" {
            let report = report(item.signature, trusting: [sub])
            #expect(report.signers.first?.notes.contains(.counterSignatureUnjudged) == true, "\(item.file)")
        }
    }

    /// A portal takes nothing with unsigned attributes: there is none in a signature that is minutes old.
    @Test func aPortalTakesNoneThatHasMoreThanWhatIsSigned() {
        for item in suite.cases where item.group != "bes" {
            #expect(throws: SignatureReason.self, "\(item.file)") { try PortalSignature.open(item.signature) }
        }
    }
}
