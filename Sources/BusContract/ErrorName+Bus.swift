// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus
public import EOnayCore

extension ErrorName {
    /// From what the bus brought; nil if it is no error of the contract.
    public init?(_ error: BusError) {
        guard error.name.hasPrefix(Self.busPrefix) else { return nil }
        self.init(rawValue: String(error.name.dropFirst(Self.busPrefix.count)))
    }

    /// As the answer to a call, with a text for people and a detail for programs.
    public func busError(_ message: String, detail: String = "") -> BusError {
        BusError(name: busName, message: message, detail: detail)
    }
}
