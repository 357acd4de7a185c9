// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// What the service says of itself.
struct WatcherStatus: Equatable {
    let version, state: String
    private let error: String?
    let readers, portals: [String]
    let renewalDays: UInt32

    init(_ properties: [String: Value]) {
        version = properties["Version"]?.string ?? ""
        state = properties["WatcherState"]?.string ?? ""
        error = properties["WatcherError"]?.string
        readers = properties["Readers"]?.strings ?? []
        portals = properties["Portals"]?.strings ?? []
        renewalDays = properties["RenewalDays"]?.uint32 ?? 0
    }

    /// What keeps any card from being seen, as an error of the contract.
    var trouble: ErrorName? {
        if let error { return ErrorName(rawValue: error) }
        // A service from before it had the property.
        return switch state {
        case "no-service": .noCardService
        case "no-reader": .noReader
        case "denied": .accessDenied
        default: nil
        }
    }
}
