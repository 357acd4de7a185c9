// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPCSC
import TestBench
import Testing
import VirtualCard

@testable import CardFiles

/// The virtual card of AKİS 2.x, by a real pcscd.
@Suite(.timeLimit(.minutes(1)))
struct AKISCardTests {
    private static let files = [SoundCard.element(1700), SoundCard.element(900)]

    private func bench(_ model: CardDescription.Model = .akis2) async throws -> (PrivatePCSCD, TestCard) {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let contents = Self.files.map { CardContent(certificate: $0) }
        let card = try await pcscd.insert(CardDescription(model, contents: contents))
        try waitForCard(pcscd)
        return (pcscd, card)
    }

    /// pcscd powers a card before it says that one is there.
    private func waitForCard(_ pcscd: PrivatePCSCD) throws {
        var context: SCARDCONTEXT = 0
        try #require(SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &context) == SCARD_S_SUCCESS)
        defer { SCardReleaseContext(context) }
        try pcscd.readers[0].name.withCString { name in
            var state = SCARD_READERSTATE()
            state.szReader = name
            state.dwCurrentState = DWORD(SCARD_STATE_EMPTY)
            while state.dwEventState & DWORD(SCARD_STATE_PRESENT) == 0 {
                try #require(SCardGetStatusChange(context, 20_000, &state, 1) == SCARD_S_SUCCESS)
                state.dwCurrentState = state.dwEventState
            }
        }
    }

    private func read(_ pcscd: PrivatePCSCD) throws(CardFileError) -> AKISCard.Content? {
        try AKISCard.read(reader: pcscd.readers[0].octets, within: .seconds(10))
    }

    @Test func itsFilesAreReadWithoutAModule() async throws {
        let (pcscd, card) = try await bench()
        #expect(try read(pcscd) == AKISCard.Content(files: Self.files))
        try await card.remove()
    }

    @Test(arguments: [CardDescription.Model.akis, .unknown])
    func aCardWithoutThatFolderIsNone(_ model: CardDescription.Model) async throws {
        let (pcscd, card) = try await bench(model)
        #expect(try read(pcscd) == nil)
        try await card.remove()
    }

    /// Another connection, as another program has it.
    private func connect(_ mode: Int32, to pcscd: PrivatePCSCD) throws -> SCARDHANDLE {
        var context: SCARDCONTEXT = 0
        try #require(SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &context) == SCARD_S_SUCCESS)
        var (handle, proto): (SCARDHANDLE, DWORD) = (0, 0)
        let name = pcscd.readers[0].name
        let answer = SCardConnect(context, name, DWORD(mode), DWORD(SCARD_PROTOCOL_T1), &handle, &proto)
        try #require(answer == SCARD_S_SUCCESS)
        return handle
    }

    @Test func itIsReadBesideAnotherProgramAndNotWhereThatOneHoldsItAlone() async throws {
        let (pcscd, card) = try await bench()
        let other = try connect(SCARD_SHARE_SHARED, to: pcscd)
        #expect(try read(pcscd)?.files.count == 2)
        SCardDisconnect(other, DWORD(SCARD_LEAVE_CARD))
        let owner = try connect(SCARD_SHARE_EXCLUSIVE, to: pcscd)
        let error = #expect(throws: CardFileError.self) { try read(pcscd) }
        #expect(error?.kind == .busy)
        SCardDisconnect(owner, DWORD(SCARD_LEAVE_CARD))
        #expect(try read(pcscd)?.files.count == 2)
        try await card.remove()
    }

    @Test(arguments: [1, 3, 4, 9])
    func aCardThatIsPulledInTheMiddleIsGone(_ command: Int) async throws {
        let (pcscd, card) = try await bench()
        card.send(.removeAt(apdu: command))
        try await card.events.next(.set)
        let error = #expect(throws: CardFileError.self) { try read(pcscd) }
        #expect(error?.kind != .busy)
    }

    @Test func anEmptyReaderHasNoCard() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let error = #expect(throws: CardFileError.self) { try read(pcscd) }
        #expect(error?.kind == .removed)
    }
}
