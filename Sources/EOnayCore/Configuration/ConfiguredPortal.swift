// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A portal that the configuration names.
public struct ConfiguredPortal: Sendable, Equatable {
    /// The name in the group's head.
    public let name: String
    public let origin: Origin
    /// A PEM file of the authorities that its certificate may come from; nil for the system's.
    public let caFile: String?

    public init(name: String, origin: Origin, caFile: String? = nil) {
        self.name = name
        self.origin = origin
        self.caFile = caFile
    }
}
