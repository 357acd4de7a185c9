// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore

/// What the program exits with; each error has its own status. Documented in eonay(1): a status is never given a new meaning.
struct EndStatus: Equatable, Sendable {
    let rawValue: Int32

    static let good = EndStatus(rawValue: 0)
    /// `Internal`, and whatever was not foreseen.
    static let unexpected = EndStatus(rawValue: 1)
    static let usage = EndStatus(rawValue: 2)
    /// No bus, no service, or one that does not answer.
    static let noService = EndStatus(rawValue: 3)
    /// A file that cannot be read, or holds nothing of the wanted kind.
    static let badFile = EndStatus(rawValue: 4)
    /// A request reached the portal, and what became of it is not known.
    static let outcomeUnknown = EndStatus(rawValue: 5)
    /// `verify`: the signature is invalid.
    static let invalid = EndStatus(rawValue: 6)
    /// `verify`: neither can be said.
    static let indeterminate = EndStatus(rawValue: 7)

    /// 10 and up in the contract's order, which only ever grows at its end.
    init(_ error: ErrorName) {
        let place = ErrorName.allCases.firstIndex(of: error) ?? 0
        rawValue = error == .internal ? Self.unexpected.rawValue : 10 + Int32(place)
    }

    private init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}
