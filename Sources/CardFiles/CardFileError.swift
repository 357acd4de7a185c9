// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// Why a card's files could not be read.
public struct CardFileError: Error, Equatable, Sendable {
    /// The meaning of the failure.
    public enum Kind: Sendable {
        /// The card has been pulled out, or was reset by another program.
        case removed
        /// Another program holds the card for itself alone.
        case busy
        /// Everything else.
        case failed
    }

    public let kind: Kind
    /// The call and its answer, such as "SCardTransmit 0x80100069"; nothing that was read.
    public let detail: String

    init(_ kind: Kind, _ detail: String) { (self.kind, self.detail) = (kind, detail) }

    /// Throws unless the result is success. The one place where a result of pcsc-lite is judged.
    static func check(_ result: LONG, _ call: String) throws(CardFileError) {
        guard result != SCARD_S_SUCCESS else { return }
        let kind: Kind =
            switch result {
            case SCARD_W_REMOVED_CARD, SCARD_W_RESET_CARD, SCARD_E_NO_SMARTCARD, SCARD_E_UNKNOWN_READER,
                SCARD_E_READER_UNAVAILABLE:
                .removed
            case SCARD_E_SHARING_VIOLATION: .busy
            default: .failed
            }
        throw CardFileError(kind, "\(call) 0x\(String(UInt32(truncatingIfNeeded: result), radix: 16))")
    }
}
