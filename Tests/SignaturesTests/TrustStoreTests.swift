// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import SystemBasics
import Testing

@testable import Signatures

@Suite(.timeLimit(.minutes(1)))
struct TrustStoreTests {
    private func reason(
        _ trust: TrustStore, _ leaf: CertificateFacts, with: [CertificateFacts] = [], at time: Int64? = nil
    )
        -> SignatureReason?
    {
        do throws(SignatureReason) {
            _ = try trust.chain(for: leaf, intermediates: with.map(\.der), at: time ?? leaf.notBefore)
            return nil
        } catch {
            return error
        }
    }

    @Test func theConformanceSuitesChainIsBuiltWithItsIntermediate() throws {
        let root = try SharedCertificates.read("19-root-a")
        let sub = try SharedCertificates.read("18-subroot-a1")
        let leaf = try CertificateFacts.read(der: SharedCertificates.read("09-qca1_1-valid"))
        let chain = try TrustStore(certificates: [root]).chain(for: leaf, intermediates: [sub], at: leaf.notBefore)
        #expect(chain.map(\.holder) == ["QC A1 1", "SubRoot A1", "Root A"])
        #expect(reason(TrustStore(certificates: [root]), leaf) == SignatureReason(.untrustedIssuer))
        // An authority below a root is an anchor as good as any.
        #expect(try TrustStore(certificates: [sub]).chain(for: leaf, at: leaf.notBefore).count == 2)
    }

    @Test func kamuSMsOwnChainIsBuilt() throws {
        let trust = TrustStore(certificates: [try SharedCertificates.read("01-kamusm-kok-v6")])
        let authority = try CertificateFacts.read(der: SharedCertificates.read("02-kamusm-nes-v6"))
        #expect(try trust.chain(for: authority, at: 1_800_000_000).count == 2)
        let leaf = try CertificateFacts.read(der: SharedCertificates.read("08-test-nes-uc-kullanici-2019"))
        #expect(reason(trust, leaf, with: [authority]) == SignatureReason(.untrustedIssuer))
    }

    @Test func validityIsExactToTheSecondForEveryLink() throws {
        let authority = try TestAuthority.shared.get()
        try authority.makeKey("short-sub", "p256")
        let sub = try authority.issue(
            "short-sub", key: "short-sub", subject: "/CN=Kısa", extensions: "sub", digest: "sha384", days: 10)
        try authority.makeKey("long-leaf", "p256")
        let leaf = try authority.issue("long-leaf", key: "long-leaf", by: "short-sub", days: 20)
        let trust = TrustStore(certificates: [authority.root.der])
        #expect(reason(trust, leaf, with: [sub], at: leaf.notBefore) == nil)
        #expect(reason(trust, leaf, with: [sub], at: sub.notAfter) == nil)
        #expect(reason(trust, leaf, with: [sub], at: sub.notAfter + 1) == SignatureReason(.authorityOutOfTime))
        #expect(reason(trust, leaf, with: [sub], at: leaf.notAfter) == SignatureReason(.authorityOutOfTime))
        #expect(reason(trust, authority.root, at: authority.root.notAfter) == SignatureReason(.untrustedIssuer))
    }

    @Test func aSignatureThatIsNotTheIssuersIsRefused() throws {
        let authority = try TestAuthority.shared.get()
        var der = try authority.facts("p256").der
        der[der.endIndex - 1] ^= 1
        let trust = TrustStore(certificates: [authority.root.der])
        #expect(try reason(trust, CertificateFacts.read(der: der)) == SignatureReason(.chainBroken, "bad-signature"))
    }

    @Test func aLeafCannotIssueAndPathLengthsCount() throws {
        let authority = try TestAuthority.shared.get()
        let trust = TrustStore(certificates: [authority.root.der])
        try authority.makeKey("fake-ca", "p256")
        let fake = try authority.issue("fake-ca", key: "fake-ca", subject: "/CN=Sahte")
        let forged = try authority.issue("forged", key: "p256", by: "fake-ca")
        #expect(reason(trust, forged, with: [fake]) == SignatureReason(.chainForbidden, "not-an-authority"))

        try authority.makeKey("sub-one", "p256")
        try authority.makeKey("sub-two", "p256")
        let one = try authority.issue("sub-one", key: "sub-one", subject: "/CN=Bir", extensions: "sub")
        let two = try authority.issue("sub-two", key: "sub-two", subject: "/CN=İki", extensions: "sub", by: "sub-one")
        let leaf = try authority.issue("too-deep", key: "p256", by: "sub-two")
        #expect(reason(trust, leaf, with: [one, two]) == SignatureReason(.chainForbidden, "path-length"))
        #expect(reason(trust, try authority.issue("deep", key: "p256", by: "sub-one"), with: [two, one]) == nil)
    }

    @Test func anIssuerWithoutBasicConstraintsIsNoAuthority() throws {
        let authority = try TestAuthority.shared.get()
        try authority.makeKey("bare-ca", "p256")
        let bare = try authority.issue("bare-ca", key: "bare-ca", subject: "/CN=Yalın", extensions: "bare")
        let leaf = try authority.issue("bare-leaf", key: "p256", by: "bare-ca")
        #expect(
            reason(TrustStore(certificates: [authority.root.der]), leaf, with: [bare])
                == SignatureReason(.chainForbidden, "not-an-authority"))
    }

    @Test func aCurveThatIsSpeltOutIsRefused() throws {
        let authority = try TestAuthority.shared.get()
        try authority.makeExplicitKey("explicit")
        let leaf = try authority.issue("explicit", key: "explicit")
        #expect(leaf.keyType == .other)
        #expect(reason(TrustStore(certificates: [authority.root.der]), leaf) == SignatureReason(.chainWeak))
    }

    @Test func weakDigestsAndUnknownCriticalExtensionsAreRefused() throws {
        let authority = try TestAuthority.shared.get()
        let trust = TrustStore(certificates: [authority.root.der])
        #expect(
            reason(trust, try authority.issue("sha1-leaf", key: "p256", digest: "sha1")) == SignatureReason(.chainWeak))
        let critical = try authority.issue("critical", key: "p256", extensions: "critical")
        #expect(critical.unknownCriticalExtensions == ["1.2.3.4.5"])
        #expect(reason(trust, critical) == SignatureReason(.chainForbidden, "unknown-critical-extension"))
    }

    @Test func whatIsNoAuthorityIsNoAnchor() throws {
        let authority = try TestAuthority.shared.get()
        let leaf = try authority.facts("p256")
        let trust = TrustStore(certificates: [leaf.der, [1, 2, 3], authority.root.der, authority.root.der])
        #expect(trust.anchors == [authority.root])
        #expect(
            trust.rejected == [
                TrustStore.Rejected(source: "#0", reason: "not-an-authority"),
                TrustStore.Rejected(source: "#1", reason: "bad-armour"),
            ])
        #expect(reason(TrustStore(certificates: [leaf.der]), leaf) == SignatureReason(.untrustedIssuer))
        #expect(reason(TrustStore(certificates: []), leaf) == SignatureReason(.untrustedIssuer))
    }

    @Test func aFolderIsReadAgainWhenAFileInItChanges() throws {
        let authority = try TestAuthority.shared.get()
        let folder = authority.folder.appending(path: "anchors")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("no certificate".utf8).write(to: folder.appending(path: "README"))
        let directory = try TrustDirectory(folder.path)
        #expect(directory.last.anchors.isEmpty)
        #expect(directory.last.rejected.map(\.reason) == ["bad-armour"])

        try FileManager.default.copyItem(
            at: authority.folder.appending(path: "root.crt"), to: folder.appending(path: "root.pem"))
        #expect(directory.last.anchors.isEmpty)
        #expect(try directory.current().anchors == [authority.root])
        #expect(directory.last.anchors == [authority.root])
        try FileManager.default.removeItem(at: folder.appending(path: "root.pem"))
        #expect(try directory.current().anchors.isEmpty)

        #expect(throws: SystemError(code: ENOENT, call: "opendir")) { try TrustDirectory("/nonexistent") }
    }

    /// The folder is not listed while its time stands, and a change is seen all the same.
    @Test func aFolderThatHasBeenQuietShowsItsNextChange() throws {
        let authority = try TestAuthority.shared.get()
        let folder = authority.folder.appending(path: "quiet")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "root.pem")
        let root = try Data(contentsOf: authority.folder.appending(path: "root.crt"))
        try Data("no certificate".utf8).write(to: file)
        func age() {
            _ = utimensat(
                AT_FDCWD, folder.path,
                [timespec(tv_sec: 1_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000, tv_nsec: 0)], 0)
        }
        age()
        let directory = try TrustDirectory(folder.path)
        #expect(try directory.current().anchors.isEmpty)
        // In place: the folder's time does not change.
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: root)
        try handle.close()
        #expect(try directory.current().anchors == [authority.root])
        try FileManager.default.removeItem(at: file)
        #expect(try directory.current().anchors.isEmpty)
        age()
        _ = try directory.current()
        // Two changes within one tick of the clock: the second is not missed.
        try Data("no certificate".utf8).write(to: folder.appending(path: "other"))
        _ = try directory.current()
        try root.write(to: file)
        #expect(try directory.current().anchors == [authority.root])
        try FileManager.default.removeItem(at: folder)
        #expect(throws: SystemError(code: ENOENT, call: "opendir")) { try directory.current() }
    }
}
