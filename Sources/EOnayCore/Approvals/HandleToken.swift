// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The word by which a caller makes a repeated call harmless: `[A-Za-z0-9_]{1,64}`, so that it can stand in an object
/// path.
public struct HandleToken: Sendable, Hashable {
    public let text: String

    /// Throws `invalidArgument` for any other text.
    public init(_ text: String) throws(ErrorName) {
        let isWord = text.utf8.allSatisfy { octet in
            (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                || octet == UInt8(ascii: "_")
        }
        guard isWord, (1...64).contains(text.utf8.count) else { throw .invalidArgument }
        self.text = text
    }
}
