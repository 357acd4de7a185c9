// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC

/// The lower half of a reader's state word in PC/SC: flags, of which several are set at a time.
struct ReaderFlags: OptionSet, Sendable {
    let rawValue: DWORD

    init(rawValue: DWORD) { self.rawValue = rawValue }

    private init(_ flag: Int32) { rawValue = DWORD(flag) }

    static let changed = ReaderFlags(SCARD_STATE_CHANGED)
    static let unknown = ReaderFlags(SCARD_STATE_UNKNOWN)
    static let unavailable = ReaderFlags(SCARD_STATE_UNAVAILABLE)
    static let present = ReaderFlags(SCARD_STATE_PRESENT)
    static let exclusive = ReaderFlags(SCARD_STATE_EXCLUSIVE)
    static let mute = ReaderFlags(SCARD_STATE_MUTE)
}

/// The state of one reader at one look.
struct ReaderObservation: Sendable, Equatable {
    let name: ReaderName
    let flags: ReaderFlags
    /// The number of cards that `pcscd` saw come and go there, modulo 65,536.
    let events: UInt16
    let atr: [UInt8]
}
