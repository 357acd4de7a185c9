// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why a job could not do what it was asked.
///
/// It holds no text for people: `eonayd` makes that from `code` and `detail`. It never holds a PIN, a verification code,
/// an identity number, a name or a label.
public struct JobFailure: Codable, Sendable, Equatable {
    /// An error name of the bus contract without its prefix, such as "TokenRemoved".
    public var code: String
    /// A stable machine detail, such as "CKR_DEVICE_REMOVED C_Sign" or the portal's problem name; may be empty.
    public var detail: String
    /// The program that holds the card, as "name (pid)"; empty where that is not the trouble or not known.
    public var heldBy: String

    /// Creates the value from its fields.
    public init(code: String, detail: String, heldBy: String) {
        self.code = code
        self.detail = detail
        self.heldBy = heldBy
    }
}
