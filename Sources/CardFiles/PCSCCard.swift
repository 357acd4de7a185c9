// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// Something that answers commands as a card does.
protocol CardChannel {
    /// The answer to one command (ISO 7816-4): data, if any, and the two bytes of its status.
    func transmit(_ command: [UInt8]) throws(CardFileError) -> [UInt8]
}

/// The card in a reader, beside the other programs that use it, in one transaction from the beginning to the end of this object.
///
/// Nothing of it is reset: a PIN that another program has entered stays entered, as far as the card lets it.
final class PCSCCard: CardChannel {
    private let context: SCARDCONTEXT
    private let card: SCARDHANDLE

    /// Data of 256 bytes, and the status.
    private static let longestAnswer = 258

    /// Throws `CardFileError`. Waits as long as another program has a transaction: the job's deadline ends that.
    init(reader: [UInt8]) throws(CardFileError) {
        var context: SCARDCONTEXT = 0
        try CardFileError.check(
            SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &context), "SCardEstablishContext")
        do throws(CardFileError) {
            (self.context, card) = (context, try Self.connect(to: reader, context))
        } catch {
            SCardReleaseContext(context)
            throw error
        }
    }

    /// Every AKİS card speaks T=1.
    private static func connect(to reader: [UInt8], _ context: SCARDCONTEXT) throws(CardFileError) -> SCARDHANDLE {
        var (card, proto): (SCARDHANDLE, DWORD) = (0, 0)
        let name = reader.map { CChar(bitPattern: $0) } + [0]
        try CardFileError.check(
            SCardConnect(context, name, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T1), &card, &proto),
            "SCardConnect")
        do throws(CardFileError) {
            try CardFileError.check(SCardBeginTransaction(card), "SCardBeginTransaction")
        } catch {
            SCardDisconnect(card, DWORD(SCARD_LEAVE_CARD))
            throw error
        }
        return card
    }

    deinit {
        SCardEndTransaction(card, DWORD(SCARD_LEAVE_CARD))
        SCardDisconnect(card, DWORD(SCARD_LEAVE_CARD))
        SCardReleaseContext(context)
    }

    func transmit(_ command: [UInt8]) throws(CardFileError) -> [UInt8] {
        var proto = SCARD_IO_REQUEST(
            dwProtocol: DWORD(SCARD_PROTOCOL_T1), cbPciLength: DWORD(MemoryLayout<SCARD_IO_REQUEST>.size))
        var answer = [UInt8](repeating: 0, count: Self.longestAnswer)
        var length = DWORD(answer.count)
        try CardFileError.check(
            SCardTransmit(card, &proto, command, DWORD(command.count), nil, &answer, &length), "SCardTransmit")
        return Array(answer.prefix(Int(length)))
    }
}
