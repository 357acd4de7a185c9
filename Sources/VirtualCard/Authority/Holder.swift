// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The person a test certificate is made out to. None of them exists.
public struct Holder: Sendable, Equatable {
    public var name: String
    /// T.C. Kimlik No, or what a test puts in its place.
    public var identity: String

    public init(name: String, identity: String) {
        self.name = name
        self.identity = identity
    }

    /// Letters that go wrong first: Ş ü ğ İ ı. The number is STDNUM's example and passes the checksum.
    public static let sukru = Holder(name: "Şükrü İğdırlı", identity: "10000000146")
    /// A second person. The number passes the checksum and trips a remainder that keeps the sign.
    public static let isil = Holder(name: "Işıl Çağla Öztürk", identity: "19090909018")
}
