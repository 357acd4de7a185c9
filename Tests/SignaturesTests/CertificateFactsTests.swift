// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Signatures

@Suite(.timeLimit(.minutes(1)))
struct CertificateFactsTests {
    private func facts(_ name: String) throws -> CertificateFacts {
        try CertificateFacts.read(der: SharedCertificates.read(name))
    }

    @Test func kamuSMsRootIsAnAuthorityWithP384() throws {
        let root = try facts("01-kamusm-kok-v6")
        #expect(root.id == "aa466d3b528dc947c7e1dca594c0deb4a1d2b987c119125fcd7435de92a23c60")
        #expect(root.holder == "Kamu SM Kök Sertifika Hizmet Sağlayıcısı - Sürüm 6")
        #expect(
            root.subject.text
                == "C=TR, L=Gebze - Kocaeli, O=Türkiye Bilimsel ve Teknolojik Araştırma Kurumu - TÜBİTAK, OU=BİLGEM, "
                + "CN=Kamu SM Kök Sertifika Hizmet Sağlayıcısı - Sürüm 6")
        #expect(root.isSelfIssued && root.isAuthority)
        #expect(root.keyType == .ecP384 && root.keyUsage == [.keyCertSign, .crlSign])
        #expect(root.serialNumber == "ed1db82e01d6")
        // 2019-08-09T16:25:08Z to 2029-08-06T16:25:08Z
        #expect(root.notBefore == 1_565_367_908 && root.notAfter == 1_880_727_908)
        #expect(root.identity == nil && root.maskedIdentity == "" && !root.isTest)
        #expect(root.unreadableExtensions.isEmpty && root.unknownCriticalExtensions.isEmpty)
    }

    @Test func kamuSMsIssuingAuthorityHasItsPolicyAndAddresses() throws {
        let authority = try facts("02-kamusm-nes-v6")
        #expect(authority.id == "062782a715b1b5fc794aedf25396dd3d2ffbe2fad202e5567273a0e13bfe16f9")
        #expect(authority.holder == "Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6")
        #expect(authority.issuerName == "Kamu SM Kök Sertifika Hizmet Sağlayıcısı - Sürüm 6")
        #expect(authority.isAuthority)
        #expect(authority.policies.map(\.identifier) == ["2.16.792.1.2.1.1.5.7.1.1"])
        #expect(authority.policyNotice.hasPrefix("Bu sertifika ile ilgili sertifika ilke ve uygulama esaslarını"))
        #expect(authority.crl == ["http://depo.kamusm.gov.tr/nes/kokshs.v6.crl"])
        #expect(authority.issuerCertificates == ["http://depo.kamusm.gov.tr/nes/kokshs.v6.crt"])
        #expect(authority.ocsp.isEmpty)
        #expect(authority.qualification.reasons.contains(.authority))
    }

    @Test func kamuSMsTestPersonIsNotQualifiedThoughTheStatementsAreThere() throws {
        let person = try facts("08-test-nes-uc-kullanici-2019")
        #expect(person.holder == "Test Üç Kullanıcı")
        #expect(person.identity == "12345678910" && person.maskedIdentity == "123********")
        #expect(person.keyType == .rsa2048 && person.keyUsage == [.digitalSignature, .nonRepudiation])
        #expect(person.policies.map(\.identifier) == ["2.16.792.1.2.1.1.5.7.1.4.1"])
        #expect(person.policyNotice.hasPrefix("Bu sertifika Test amaçlı üretilmiştir"))
        #expect(person.statements.map(\.identifier) == ["0.4.0.1862.1.1", "2.16.792.1.61.0.1.5070.1.1"])
        #expect(person.statements[1].text.hasSuffix("nitelikli elektronik sertifika yerine kullanılamaz!"))
        #expect(person.ocsp == ["http://testocsp.kamusm.gov.tr"])
        #expect(person.isTest && person.qualification == .notQualified([.testCertificate]))
        #expect(person.notAfter - person.notBefore == 1_095 * 86_400)
    }

    @Test func theConformanceSuitesGoodCertificateIsQualified() throws {
        let good = try facts("09-qca1_1-valid")
        #expect(good.holder == "QC A1 1" && good.identity == "11111111111" && good.issuerName == "SubRoot A1")
        #expect(good.qualification == .qualified && !good.isTest)
        #expect(
            good.statements.map(\.identifier) == [
                "1.3.6.1.5.5.7.11.1", "0.4.0.1862.1.1", "2.16.792.1.61.0.1.5070.1.1",
            ])
        #expect(
            good.statements[2].text
                == "Bu sertifika, 5070 sayılı Elektronik İmza Kanununa göre nitelikli elektronik sertifikadır.")
    }

    @Test func withoutNonRepudiationItIsNotQualified() throws {
        let absent = try facts("10-qca1_3-nonrepudiation-absent")
        #expect(absent.keyUsage == [.digitalSignature])
        #expect(absent.qualification == .notQualified([.noNonRepudiation]))
    }

    @Test func withoutTheETSIStatementItIsNotQualified() throws {
        #expect(try facts("12-qca1_5-etsi-qc-absent").qualification == .notQualified([.noQcCompliance]))
    }

    @Test func theExpiredOneIsStillQualifiedAndItsTimeIsRight() throws {
        let expired = try facts("14-qca1_8-expired")
        #expect(expired.qualification == .qualified)
        // 2019-05-30T08:53:01Z, the last second
        #expect(expired.notAfter == 1_559_206_381)
        #expect(expired.isValid(at: 1_559_206_381) && !expired.isValid(at: 1_559_206_382))
        #expect(expired.isValid(at: expired.notBefore) && !expired.isValid(at: expired.notBefore - 1))
    }

    @Test func theSuitesIssuersAreAuthorities() throws {
        let sub = try facts("18-subroot-a1")
        let root = try facts("19-root-a")
        #expect(sub.isAuthority && sub.issuerName == "Root A")
        #expect(root.isAuthority && root.isSelfIssued && root.holder == "Root A" && root.keyType == .rsa2048)
    }

    @Test func ourOwnLookAlikeIsReadWithItsTurkishLetters() throws {
        let authority = try TestAuthority.shared.get()
        for key in TestAuthority.keys {
            let facts = try authority.facts(key.name)
            #expect(facts.keyType == key.type)
            #expect(facts.holder == "ŞÜKRÜ ĞIİ Çalışkanöz" && facts.identity == "10000000146")
            #expect(facts.maskedIdentity == "100********")
            #expect(facts.qualification == .qualified)
            #expect(facts.policyNotice.contains("sayılı Elektronik İmza Kanununa göre"))
            #expect(facts.ocsp == ["http://127.0.0.1:1/ocsp"] && facts.crl == ["http://127.0.0.1:1/ca.crl"])
        }
    }

    @Test func aSealAndARestrictionOfUseAreNotQualified() throws {
        let authority = try TestAuthority.shared.get()
        let seal = try authority.issue("seal", key: "p256", extensions: "seal")
        #expect(seal.qualification == .notQualified([.seal]))
        let limited = try authority.issue("limited", key: "p256", extensions: "limited")
        #expect(limited.qualification == .notQualified([.usageRestricted]))
        #expect(limited.statements[2].text == "Yalnızca kurum içi yazışmalarda kullanılabilir.")
        let plain = try authority.issue("plain", key: "p256", extensions: "plain")
        #expect(
            plain.qualification == .notQualified([.noNonRepudiation, .noQcCompliance, .noNationalStatement]))
    }

    /// BTK's profile, and case 10 of TÜBİTAK's conformance suite.
    @Test func withoutUserNoticeItIsNotQualified() throws {
        let authority = try TestAuthority.shared.get()
        for extensions in ["noPolicy", "noNotice", "emptyNotice", "blankNotice", "referenceOnly"] {
            let facts = try authority.issue("notice-\(extensions)", key: "p256", extensions: extensions)
            #expect(facts.qualification == .notQualified([.noUserNotice]), "\(extensions)")
        }
        // Any string type, beside any policy.
        let second = try authority.issue("notice-second", key: "p256", extensions: "secondNotice")
        #expect(second.qualification == .qualified && second.policyNotice == "Nitelikli elektronik sertifika")
    }

    @Test func aTransactionLimitIsToldWithItsAmount() throws {
        let authority = try TestAuthority.shared.get()
        for (value, text) in [
            ("PRINTABLE:TRY", "15", "2", "1500 TRY"), ("PRINTABLE:EUR", "0", "0", "0 EUR"),
            ("INTEGER:949", "123456789012345678901234567890", "0", "123456789012345678901234567890 TRY"),
            ("INTEGER:392", "5", "-1", "0.5 392"), ("PRINTABLE:TRL", "1500", "-2", "15 TRL"),
            ("PRINTABLE:TRY", "7", "400", "7E+400 TRY"), ("PRINTABLE:TRY", "12345", "-3", "12.345 TRY"),
        ].map({ (($0.0, $0.1, $0.2), $0.3) }) {
            let facts = try authority.issue(limit: value)
            #expect(facts.statements.compactMap(\.limit).map(\.description) == [text])
            #expect(facts.statements.map(\.description).contains("0.4.0.1862.1.2=\(text)"))
            #expect(facts.unreadableExtensions.isEmpty && facts.qualification == .qualified)
        }
        let broken = try authority.issue(limit: ("PRINTABLE:TRY", "-1", "0"))
        #expect(broken.unreadableExtensions == ["1.3.6.1.5.5.7.1.3"] && broken.qualification != .qualified)
    }

    @Test(arguments: [
        ("/CN=Şükrü/GN=Ali", "Şükrü"), ("/GN=Ali/SN=Veli", "Ali Veli"), ("/SN=Veli/GN=Ali", "Ali Veli"),
        ("/SN=Veli", "Veli"), ("/O=Deneme Kurumu/OU=Birim", "Deneme Kurumu"), ("/OU=Birim", "Birim"),
        ("/pseudonym=Takma/O=Kurum", "Takma"), ("/CN=  /O=Kurum", "Kurum"), ("/CN=\u{200B}/GN=Ali", "Ali"),
        ("/C=TR/serialNumber=10000000146", "C=TR, serialNumber=10000000146"), ("/", ""),
    ])
    func theHolderIsNamedByTheFirstThingThatNames(subject: String, holder: String) throws {
        let facts = try TestAuthority.shared.get().issue(
            "named-\(UUID().uuidString)", key: "p256", subject: subject)
        #expect(facts.holder == holder)
    }

    @Test func aRawLatin5OctetInAnAddressSpoilsNothing() throws {
        // The OCSP address of the test person, its first letter after the scheme replaced by "Ü" of ISO 8859-9.
        var der = try SharedCertificates.read("08-test-nes-uc-kullanici-2019")
        let address = Array("http://testocsp".utf8)
        let start = try #require(der.indices.first { der[$0...].starts(with: address) })
        der[start + 7] = 0xDC
        let facts = try CertificateFacts.read(der: der)
        #expect(facts.ocsp == ["http://Üestocsp.kamusm.gov.tr"])
        #expect(facts.holder == "Test Üç Kullanıcı" && facts.unreadableExtensions.isEmpty)
    }

    @Test func aBrokenExtensionIsNamedAndTheRestIsRead() throws {
        // The length inside the policies extension points past its end.
        var der = try SharedCertificates.read("09-qca1_1-valid")
        let identifier: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x20, 0x04]
        let start = try #require(der.indices.first { der[$0...].starts(with: identifier) })
        let sequence = try #require(der[(start + 6)...].firstIndex(of: 0x30))
        der[sequence + 2] ^= 0x7F
        let facts = try CertificateFacts.read(der: der)
        #expect(facts.unreadableExtensions == ["2.5.29.32"])
        #expect(facts.policies.isEmpty && facts.identity == "11111111111" && facts.statements.count == 3)
    }

    @Test func zeroPaddingAfterTheEndIsCutOffAndAnythingElseRefused() throws {
        let der = try SharedCertificates.read("09-qca1_1-valid")
        let padded = try CertificateFacts.read(der: der + [0, 0, 0])
        let plain = try CertificateFacts.read(der: der)
        #expect(padded == plain && padded.der == der)
        #expect(throws: CertificateError.self) { try CertificateFacts.read(der: der + [0, 1]) }
    }
}
