// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus
public import EOnayCore

extension ErrorName {
    /// As the answer to a call, with a text for people and a detail for programs.
    public func busError(_ message: String, detail: String = "") -> BusError {
        BusError(name: busName, message: message, detail: detail)
    }
}

/// The name of an error as a service reports it.
public enum ReportedError: Sendable, Hashable {
    case known(ErrorName)
    /// One that a later version of the service has added.
    case unknown(String)

    /// With or without the contract's prefix; nil for "", which stands for no error.
    public init?(_ name: String) {
        guard !name.isEmpty else { return nil }
        let isQualified = name.hasPrefix(ErrorName.busPrefix)
        let short = isQualified ? String(name.dropFirst(ErrorName.busPrefix.count)) : name
        self = ErrorName(rawValue: short).map { .known($0) } ?? .unknown(short)
    }

    /// Of an answer; nil for an error that is none of the contract's, such as the bus' own.
    public init?(_ error: BusError) {
        guard error.name.hasPrefix(ErrorName.busPrefix) else { return nil }
        self.init(error.name)
    }

    /// Without the contract's prefix.
    public var name: String {
        switch self {
        case .known(let error): error.rawValue
        case .unknown(let name): name
        }
    }
}
