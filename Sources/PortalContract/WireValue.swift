// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A message of the contract: what it looks like as JSON, and how it is read back.
///
/// Members that a reader does not know are passed over, so that later versions can add some.
public protocol WireValue: Sendable {
    /// Throws `InvalidMessage` with the member that is absent or wrong.
    init(json: JSON) throws(InvalidMessage)

    var json: JSON { get }
}

extension WireValue {
    /// Reads the value from the body of a message.
    public init(utf8 bytes: some Collection<UInt8>) throws(InvalidMessage) {
        try self.init(json: JSON(utf8: bytes))
    }
}
