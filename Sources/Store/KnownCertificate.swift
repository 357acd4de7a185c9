// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate that was once seen on a card, and what has been said about it since. Times are UTC seconds since 1970.
public struct KnownCertificate: Sendable, Equatable {
    /// Lower-case hex SHA-256 of its DER.
    public var id: String
    public var holder: String
    public var maskedIdentity: String
    /// The same for all certificates of one person, on this computer alone; empty where the certificate names nobody.
    public var identityKey: [UInt8]
    public var issuer: String
    public var serialNumber: String
    public var notBefore: Int64
    public var notAfter: Int64
    public var keyType: String
    public var qualified: Bool
    /// Error names of the bus contract that hold whatever the time.
    public var hindrances: [String]
    public var firstSeen: Int64
    public var lastSeen: Int64
    /// No reminder before that; 0: none was asked for.
    public var snoozedUntil: Int64
    /// The thresholds of the reminder ladder that were shown, in days before the end, and when: UTC seconds; 0: not known.
    public var remindersTold: [Int: Int64]
    /// Those among them that were told on the bus alone: nothing could be shown.
    public var remindersUnseen: Set<Int>

    public init(
        id: String, holder: String, maskedIdentity: String, identityKey: [UInt8], issuer: String, serialNumber: String,
        notBefore: Int64, notAfter: Int64, keyType: String, qualified: Bool, hindrances: [String], firstSeen: Int64,
        lastSeen: Int64, snoozedUntil: Int64 = 0, remindersTold: [Int: Int64] = [:],
        remindersUnseen: Set<Int> = []
    ) {
        self.id = id
        self.holder = holder
        self.maskedIdentity = maskedIdentity
        self.identityKey = identityKey
        self.issuer = issuer
        self.serialNumber = serialNumber
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.keyType = keyType
        self.qualified = qualified
        self.hindrances = hindrances
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.snoozedUntil = snoozedUntil
        self.remindersTold = remindersTold
        self.remindersUnseen = remindersUnseen
    }
}
