// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import TestBench
import Testing

@testable import Signatures

/// A second opinion from another implementation: pyHanko, installed from PyPI into a folder of the build.
@Suite(.timeLimit(.minutes(1)))
struct PyHankoTests {
    /// Validates signatures given as arguments after a root, by ETSI EN 319 102-1, 5.3; prints each conclusion.
    private static let script = """
        import asyncio, sys
        from asn1crypto import cms
        from pyhanko.keys import load_cert_from_pemder
        from pyhanko.sign.general import check_ess_certid, find_unique_cms_attribute
        from pyhanko.sign.validation.ades import ades_basic_validation
        from pyhanko.sign.validation.policy_decl import (
            RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec, SignatureValidationSpec)
        from pyhanko.sign.validation.settings import KeyUsageConstraints
        from pyhanko_certvalidator.authority import TrustAnchor
        from pyhanko_certvalidator.context import CertValidationPolicySpec
        from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
        from pyhanko_certvalidator.registry import SimpleTrustManager

        root = load_cert_from_pemder(sys.argv[1])
        spec = SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build(trust_roots=[root]),
                revinfo_policy=CertRevTrustPolicy(NO_REVOCATION)),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
            key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}))
        for path in sys.argv[2:]:
            data = cms.ContentInfo.load(open(path, "rb").read())["content"]
            result = asyncio.run(ades_basic_validation(data, spec))
            attributes = data["signer_infos"][0]["signed_attrs"]
            reference = find_unique_cms_attribute(attributes, "signing_certificate_v2")["certs"][0]
            bound = check_ess_certid(data["certificates"][0].chosen, reference)
            print(result.ades_subindic, bound)
        """

    @Test func pyHankoAcceptsOursAndRefusesAChangedByte() async throws {
        let authority = try TestAuthority.shared.get()
        let text = Array("E-ONAY/1\nAmaç: giriş\n".utf8)
        var paths: [String] = []
        for key in ["rsa2048", "p256", "p384"] {
            let now = Int64(Date().timeIntervalSince1970)
            let cms = try authority.signature(key, over: text, at: now)
            paths.append(try authority.write(cms, as: "good.p7s"))
            for part in [text, DERTime.encoded(now)] {
                var changed = cms
                let range = try #require(cms.ranges(of: part).last)
                changed[range.upperBound - 2] ^= 1
                paths.append(try authority.write(changed, as: "changed.p7s"))
            }
        }
        let script = try authority.write(Array(Self.script.utf8), as: "validate.py")
        let output = try await Tool.run(
            Python.with("pyHanko==0.38.0"), debianPackage: "python3-venv", [script, authority.path("root.crt")] + paths)
        let verdicts = String(decoding: output, as: UTF8.self).split(separator: "\n")
        for (index, verdict) in verdicts.enumerated() {
            let expected = ["AdESPassed.OK True", "HASH_FAILURE True", "SIG_CRYPTO_FAILURE True"][index % 3]
            #expect(verdict.hasSuffix(expected), "\(verdict)")
        }
        #expect(verdicts.count == 9)
    }
}
