// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A value that travels between programs as one text, and is checked when it arrives.
public protocol CodedAsText: Codable {
    /// The one spelling in which it travels.
    var codedText: String { get }
    /// Throws for a text that is no such value, in that spelling.
    init(codedText: String) throws
}

extension CodedAsText {
    public init(from decoder: any Decoder) throws {
        try self.init(codedText: decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(codedText)
    }
}
