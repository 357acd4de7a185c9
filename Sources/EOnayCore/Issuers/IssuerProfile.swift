// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The issuer of a certificate, as the certificate names it.
public struct Issuer: Sendable, Hashable {
    /// Its common name, else its whole name.
    public let name: String
    /// Its key's identifier in lower-case hexadecimal; empty where the certificate has none.
    public let key: String

    public init(_ name: String, key: String = "") {
        self.name = name
        self.key = key
    }
}

/// The ways of an issuer: when its certificates are renewed, and where its holders are helped.
///
/// A key that is nil is left to the next profile that fits, at last to the person's settings or the usual value.
public struct IssuerProfile: Sendable, Equatable {
    /// A part of the issuer's name, or the beginning of its key's identifier in hexadecimal.
    public var issuer: String
    /// So many days before the end a certificate is due to be renewed.
    public var renewalDays: RenewalWindow?
    public var ladder: ReminderLadder?
    /// The https address at which certificates are renewed.
    public var renewPage: String?
    /// The https address at which a locked PIN is unlocked.
    public var unlockPage: String?
    /// The https address at which a new certificate is opened and its PIN fetched.
    public var openPage: String?
    public var phone: String?
    /// The first thing to do for a renewal, in a sentence.
    public var note: String?
    /// The same in English.
    public var noteInEnglish: String?
    /// A renewal begins with the holder's institution, and the card travels: the program has the words for it, where there is no note.
    public internal(set) var beginsAtInstitution = false

    public init(
        _ issuer: String, renewalDays: RenewalWindow? = nil, ladder: ReminderLadder? = nil, renewPage: String? = nil,
        unlockPage: String? = nil, openPage: String? = nil, phone: String? = nil, note: String? = nil,
        noteInEnglish: String? = nil
    ) {
        self.issuer = issuer
        self.renewalDays = renewalDays
        self.ladder = ladder
        self.renewPage = renewPage
        self.unlockPage = unlockPage
        self.openPage = openPage
        self.phone = phone
        self.note = note
        self.noteInEnglish = noteInEnglish
    }

    /// Fewer digits are a word of somebody's name ("Efe", "Decade").
    private static let leastDigits = 16

    /// Whether this is about that issuer. Capital letters do not count within ASCII; Turkish ones do.
    public func isOf(_ other: Issuer) -> Bool {
        let part = Self.folded(issuer)
        guard !part.isEmpty else { return false }
        let name = Self.folded(other.name)
        // Not name.contains(…), which would bring Swift's regular expressions, 1 MB of program, into the service.
        if name.indices.contains(where: { name[$0...].starts(with: part) }) { return true }
        let digits = part.filter { $0 != UInt8(ascii: ":") }
        return digits.count >= Self.leastDigits && other.key.utf8.starts(with: digits)
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }

    /// Takes each key that it lacks from another profile.
    mutating func complete(from other: IssuerProfile) {
        renewalDays = renewalDays ?? other.renewalDays
        ladder = ladder ?? other.ladder
        renewPage = renewPage ?? other.renewPage
        unlockPage = unlockPage ?? other.unlockPage
        openPage = openPage ?? other.openPage
        phone = phone ?? other.phone
        if note == nil, noteInEnglish == nil { (note, noteInEnglish) = (other.note, other.noteInEnglish) }
        beginsAtInstitution = beginsAtInstitution || other.beginsAtInstitution
    }
}

extension [IssuerProfile] {
    /// Everything that is known of an issuer: each key from the first profile of it that has one.
    public func profile(of issuer: Issuer) -> IssuerProfile {
        var profile = IssuerProfile(issuer.name)
        for one in self where one.isOf(issuer) { profile.complete(from: one) }
        return profile
    }
}
