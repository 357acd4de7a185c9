// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing
import TokenBench

@testable import Tokens

/// With SoftHSM. It is one library with one state, so these run one after the other.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct SessionTests {
    private func session(_ bench: SoftHSM) throws -> Session {
        setenv("SOFTHSM2_CONF", bench.configuration, 1)
        let tokens = try Module(path: SoftHSM.module).tokens(inReader: "")
        try #require(tokens.count == 1)
        return try tokens[0].open()
    }

    private let pin = Array(SoftHSM.pin.utf8)

    /// SHA-256 of nothing, and its DigestInfo.
    private let digest: [UInt8] = [
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae,
        0x41,
        0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]
    private let prefix: [UInt8] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]

    @Test func certificatesAreReadWithoutALogin() throws {
        let bench = try SoftHSM()
        let list = try session(bench).certificates()
        #expect(Set(list.certificates.map(\.der)) == Set(bench.entries.map(\.der)))
        #expect(list.broken == 0)
    }

    @Test func aKeyIsFoundByItsIdentifierAndSigns() throws {
        let bench = try SoftHSM()
        let session = try session(bench)
        let list = try session.certificates()
        try session.logIn(pin.span)
        for entry in bench.entries {
            let certificate = try #require(list.certificates.first { $0.der == entry.der })
            let key = try session.privateKey(of: certificate)
            #expect(!key.alwaysAuthenticates)
            let signature = try session.sign(entry.key == .rsa ? prefix + digest : digest, with: key) {
                Issue.record("the key wants no PIN of its own")
            }
            #expect(signature.count == (entry.key == .rsa ? 256 : entry.key == .p256 ? 64 : 96))
        }
        session.logOut()
    }

    @Test func aKeyWithoutAnIdentifierIsFoundByItsPublicHalf() throws {
        let bench = try SoftHSM(keys: [.rsa], withIdentifiers: false)
        let session = try session(bench)
        let certificate = try #require(try session.certificates().certificates.first)
        #expect(certificate.id.isEmpty)
        try session.logIn(pin.span)
        #expect(try session.privateKey(of: certificate).algorithm == .rsa)
        session.logOut()
    }

    @Test func aCertificateWithoutAKeyIsToldSo() throws {
        let bench = try SoftHSM(keys: [.p256])
        let session = try session(bench)
        try session.logIn(pin.span)
        #expect(throws: TokenError(.noPrivateKey, call: "")) {
            try session.privateKey(of: CertificateObject(der: [0x30, 0], id: [0x77]))
        }
        session.logOut()
    }

    @Test func aWrongPINIsIncorrectAndLeavesItsMark() throws {
        let bench = try SoftHSM(keys: [.p256])
        let session = try session(bench)
        let error = #expect(throws: TokenError.self) { try session.logIn(Array("000000".utf8).span) }
        #expect(error?.kind == .pinIncorrect)
        #expect(try session.token.currentInfo().pinState == .countLow)
        try session.logIn(pin.span)
        #expect(try session.token.currentInfo().pinState == .ok)
        session.logOut()
    }

    @Test func aPINOfAnImpossibleLengthIsInvalid() throws {
        let bench = try SoftHSM(keys: [.p256])
        let session = try session(bench)
        #expect(session.token.info.pinLength == 4...255)
        let error = #expect(throws: TokenError.self) { try session.logIn(Array("1".utf8).span) }
        #expect(error?.kind == .pinIncorrect || error?.kind == .pinInvalid)
    }

    @Test func withoutALoginTheKeysAreHidden() throws {
        let bench = try SoftHSM(keys: [.p256])
        let session = try session(bench)
        let certificate = try #require(try session.certificates().certificates.first)
        #expect(throws: TokenError(.noPrivateKey, call: "")) { try session.privateKey(of: certificate) }
        try session.logIn(pin.span)
        #expect(try session.privateKey(of: certificate).algorithm == .ecdsa)
        session.logOut()
    }
}
