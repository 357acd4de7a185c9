// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing
import TokenBench

@testable import Tokens

/// Modules with one fault each (Tests/Support/modules). Those that crash or hang are the job's tests' business.
@Suite(.timeLimit(.minutes(1)))
struct VendorModuleTests {
    private func token(_ name: String) throws -> Token {
        try #require(try Module(path: try VendorModule(name).path).tokens(inReader: VendorModule.reader).first)
    }

    @Test func aSoundModuleShowsItsTokenAndCertificate() throws {
        let token = try token("sound")
        #expect(token.info.label == "Test")
        #expect(token.info.pinState == .ok)
        #expect(token.info.pinLength == 4...8)
        #expect(
            try token.open().certificates()
                == CertificateList(
                    certificates: [CertificateObject(der: [0x30, 3, 2, 1, 0], id: [0x30, 3, 2, 1, 0])], broken: 0))
    }

    @Test func aModuleThatWantsNoArgumentsGetsNone() throws {
        #expect(try token("wants-null").info.label == "Test")
    }

    @Test func anotherReaderHasNoToken() throws {
        #expect(try Module(path: try VendorModule("sound").path).tokens(inReader: "Another 00 00").isEmpty)
    }

    @Test func aMissingFunctionIsToldByName() throws {
        let token = try token("missing-function")
        let error = #expect(throws: TokenError.self) { try token.open() }
        #expect(error?.kind == .moduleUnusable)
        #expect(error?.detail == "missing C_OpenSession")
    }

    @Test func anAbsurdLengthIsABrokenCertificateAndNoMemory() throws {
        #expect(try token("absurd-attribute").open().certificates() == CertificateList(certificates: [], broken: 1))
    }

    @Test func aCertificateWithoutAValueIsCounted() throws {
        #expect(try token("broken-certificate").open().certificates() == CertificateList(certificates: [], broken: 1))
    }

    @Test func absurdCountsAreErrors() throws {
        let module = try Module(path: try VendorModule("absurd-slots").path)
        #expect(throws: TokenError(.absurdAnswer, call: "")) { try module.tokens(inReader: "") }
        let session = try token("endless-search").open()
        #expect(throws: TokenError(.absurdAnswer, call: "")) { try session.certificates() }
    }

    @Test func aVagueErrorWithTheCardGoneIsARemoval() throws {
        let session = try token("forgets-the-card").open()
        let error = #expect(throws: TokenError.self) { try session.logIn([0x31].span) }
        #expect(error?.kind == .tokenRemoved)
        #expect(error?.detail == "CKR_GENERAL_ERROR C_Login")
    }

    @Test func whatTheLoginAnswersIsTold() throws {
        let session = try token("answers-login").open()
        for (answer, kind) in [("a0", TokenError.Kind.pinIncorrect), ("a4", .pinLocked), ("5", .tokenFailed)] {
            let error = #expect(throws: TokenError.self) { try session.logIn(Array(answer.utf8).span) }
            #expect(error?.kind == kind)
        }
        // CKR_USER_ALREADY_LOGGED_IN is no error.
        try session.logIn(Array("100".utf8).span)
    }

    @Test func whatIsNoModuleIsToldAsSuch() throws {
        #expect(throws: TokenError.self) { try Module(path: "/nonexistent/libakisp11.so") }
        #expect(throws: TokenError(.notLoadable("not a path"), call: "")) { try Module(path: "libc.so.6") }
        #expect(throws: TokenError(.missingFunction, call: "")) { try Module(path: "/lib/x86_64-linux-gnu/libm.so.6") }
        let text = try Scratch()
        let error = #expect(throws: TokenError.self) { try Module(path: try text.write("a.so", "no library")) }
        #expect(error?.kind == .moduleUnusable)
    }
}
