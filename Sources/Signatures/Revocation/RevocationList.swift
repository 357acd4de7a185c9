// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate revocation list (RFC 5280, 5) whose signature has been checked.
///
/// Checking is done once, in `init`; a portal keeps the value until `nextUpdate` and asks it for each signer.
public struct RevocationList: Sendable {
    /// Longer lists are refused unread.
    public static let maximumLength = 64 * 1024 * 1024

    /// DER; kept with a record, it proves the judgement later.
    public let der: [UInt8]
    /// UTC seconds since 1970.
    public let thisUpdate: Int64
    /// nil where the list does not say, which RFC 5280 does not allow but happens.
    public let nextUpdate: Int64?
    private let issuer: CertificateFacts
    private let scope: RevocationListScope
    private let entries: RevocationListEntries

    /// Reads a list in DER or PEM and checks that this issuer signed it.
    ///
    /// - Parameter takesParts: read delta lists, indirect lists and lists for some reasons only as well. By themselves they
    ///   prove nobody good, but a revocation in them counts. Otherwise they are refused.
    public init(_ bytes: [UInt8], issuer: CertificateFacts, takesParts: Bool = false) throws(RevocationError) {
        guard bytes.count <= Self.maximumLength else { throw RevocationError(.tooLarge) }
        der = try Self.unarmoured(bytes)
        self.issuer = issuer
        let structure: SignedStructure
        let name: DERElement
        do throws(DERError) {
            var outer = try DERReader.sequence(der[...])
            structure = try SignedStructure(&outer)
            try outer.expectEnd()
            var list = DERReader(structure.signed.content)
            _ = try list.optional(DERTag.integer)
            guard try AlgorithmIdentifier(list.next()).means(structure.algorithm) else { throw DERError(.badValue) }
            name = try list.next(DERTag.sequence)
            thisUpdate = try list.time()
            let hasEnd = list.nextTag == DERTag.utcTime || list.nextTag == DERTag.generalizedTime
            nextUpdate = hasEnd ? try list.time() : nil
            entries = RevocationListEntries(try list.optional(DERTag.sequence)?.content ?? [])
            scope = try RevocationListScope(list.optional(DERTag.contextConstructed(0)))
            try list.expectEnd()
        } catch {
            throw RevocationError(error.code == .unsupported ? .unsupported : .malformed, error.code.rawValue)
        }
        guard takesParts || !scope.isPart else { throw RevocationError(.unsupported, "part") }
        guard issuer.subject.names(name.encoding) else { throw RevocationError(.otherCertificate, "issuer") }
        guard issuer.keyUsage?.contains(.crlSign) != false else {
            throw RevocationError(.unauthorisedSigner, "key-usage")
        }
        try structure.check(signedBy: issuer)
    }

    /// The list's word on a certificate of its issuer at an instant, UTC seconds since 1970.
    ///
    /// A revocation is one for ever: it counts from a list that is out of date, and from one for another part of the
    /// issuer's certificates, since the serial number is this one's alone. "Good" and "on hold" count only from a list that
    /// is current and speaks of this certificate. It takes as long for a million entries as for one: `init` has read them.
    public func judgement(
        of certificate: CertificateFacts, at time: Int64
    ) throws(RevocationError) -> RevocationJudgement {
        guard issuer.subject.names(certificate.issuer) else { throw RevocationError(.otherCertificate, "issuer") }
        let found: RevocationJudgement.Status?
        do throws(DERError) {
            found = try find(certificate.serialOctets[...])
        } catch {
            throw RevocationError(error.code == .unsupported ? .unsupported : .malformed, error.code.rawValue)
        }
        let judgement = RevocationJudgement(
            status: found ?? .good, source: .crl, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
        if judgement.isFinal { return judgement }
        if found?.isHold != true {
            try scope.check(certificate)
            // A delta list that takes a hold away speaks of the certificate; by its silence, a part says nothing.
            if scope.isPart, !scope.isDelta || found == nil { throw RevocationError(.unsupported, "part") }
        }
        try Freshness.check(thisUpdate: thisUpdate, nextUpdate: nextUpdate, at: time)
        return judgement
    }

    /// The entries' word on a serial number, the worst of them where there are several; nil where there is none.
    private func find(_ serial: ArraySlice<UInt8>) throws(DERError) -> RevocationJudgement.Status? {
        var found: RevocationJudgement.Status?
        if scope.isIndirect { return try findAmongOthers(serial) }
        for var entry in try entries.find(serial) { found = Self.worst(found, try readEntry(&entry).status) }
        return found
    }

    /// The same in an indirect list, which is walked: an entry is about the issuer that the last one before it has named, else
    /// about the list's own.
    private func findAmongOthers(_ serial: ArraySlice<UInt8>) throws(DERError) -> RevocationJudgement.Status? {
        var list = DERReader(entries.octets)
        var found: RevocationJudgement.Status?
        var isOurs = true
        while !list.isAtEnd {
            var entry = DERReader(try list.next(DERTag.sequence).content)
            let isThis = try entry.next(DERTag.integer).content == serial
            let (status, issuers) = try readEntry(&entry)
            if let issuers { isOurs = issuers.contains { issuer.subject.names($0) } }
            if isThis, isOurs { found = Self.worst(found, status) }
        }
        return found
    }

    /// Reads what stands behind an entry's serial number.
    private func readEntry(
        _ entry: inout DERReader
    ) throws(DERError) -> (status: RevocationJudgement.Status, issuers: [ArraySlice<UInt8>]?) {
        let since = try entry.time()
        let extensions = try RevocationEntryExtensions(entry.optional(DERTag.sequence), isIndirect: scope.isIndirect)
        // removeFromCRL (RFC 5280, 5.3.1): the hold is over.
        let status: RevocationJudgement.Status =
            extensions.reason == 8 ? .good : .revoked(at: since, reason: extensions.reason)
        return (status, extensions.issuers)
    }

    private static func worst(
        _ found: RevocationJudgement.Status?, _ status: RevocationJudgement.Status
    ) -> RevocationJudgement.Status {
        guard let found, RevocationJudgement.weight(of: status) < RevocationJudgement.weight(of: found) else {
            return status
        }
        return found
    }

    private static func unarmoured(_ bytes: [UInt8]) throws(RevocationError) -> [UInt8] {
        guard bytes.first != DERTag.sequence else { return bytes }
        do throws(CertificateError) {
            if let block = try PEMText.blocks(bytes).first(where: { $0.label == "X509 CRL" }) { return block.der }
        } catch {
            throw RevocationError(.malformed, error.code.rawValue)
        }
        throw RevocationError(.malformed, "no list")
    }
}

/// The certificates that a revocation list speaks of, by its extensions (RFC 5280, 5.2).
///
/// An authority may cut its certificates into parts, each with a list of its own. A certificate that is missing on the list
/// of another part is not good but unspoken of, so a list counts only where certificate and list share the name of their
/// distribution point (RFC 5280, 6.3.3 b 2 i). Where that cannot be seen, the list proves nothing.
struct RevocationListScope {
    /// It lists the changes since another list.
    private(set) var isDelta = false
    /// It has entries about other issuers' certificates.
    private(set) var isIndirect = false
    private var onlySomeReasons = false
    private var onlyUsers = false
    private var onlyAuthorities = false
    /// Names of the distribution point that the list is for; nil where it is for all, empty where it names itself by none.
    private var names: Set<DistributionPointName>?

    /// The list by itself proves nobody good.
    var isPart: Bool { isDelta || isIndirect || onlySomeReasons }

    /// Reads the `[0]` field of a list, which may be missing; throws `.unsupported` for what is not understood.
    init(_ field: DERElement?) throws(DERError) {
        guard let field else { return }
        var list = try DERReader.sequence(field.content)
        var seen: Set<ObjectIdentifier> = []
        for entry in try list.all(limit: 32) {
            var parts = DERReader(entry.content)
            let (identifier, isCritical, value) = try parts.extensionFields()
            // Once each (RFC 5280, 5.2 and 4.2): of two scopes, nobody could tell which one counts.
            guard seen.insert(identifier).inserted else { throw DERError(.badValue) }
            switch identifier {
            case .deltaCRLIndicator: isDelta = true
            case .issuingDistributionPoint: try readDistributionPoint(value)
            case .authorityKeyIdentifier, .crlNumber: break
            default: if isCritical { throw DERError(.unsupported) }
            }
        }
    }

    /// IssuingDistributionPoint (RFC 5280, 5.2.5).
    private mutating func readDistributionPoint(_ value: ArraySlice<UInt8>) throws(DERError) {
        var parts = try DERReader.sequence(value)
        var seen: Set<UInt8> = []
        while !parts.isAtEnd {
            let part = try parts.next()
            guard seen.insert(part.tag).inserted else { throw DERError(.badValue) }
            switch part.tag {
            case DERTag.contextConstructed(0):
                var choice = DERReader(part.content)
                // A name relative to the issuer is not put together with the issuer's here, so nothing could equal it.
                let fullName = try choice.next()
                guard fullName.tag == DERTag.contextConstructed(0) else { throw DERError(.unsupported) }
                var list = DERReader(fullName.content)
                names = Set(try list.all(limit: 64).map(DistributionPointName.init))
            case DERTag.context(1): onlyUsers = try flag(part)
            case DERTag.context(2): onlyAuthorities = try flag(part)
            case DERTag.context(3): onlySomeReasons = true
            case DERTag.context(4): isIndirect = try flag(part)
            // Numbers of attribute certificates: not those that are looked for here.
            case DERTag.context(5): if try flag(part) { throw DERError(.unsupported) }
            default: throw DERError(.unsupported)
            }
        }
    }

    private func flag(_ element: DERElement) throws(DERError) -> Bool {
        guard element.content.count == 1, let value = element.content.first else { throw DERError(.badValue) }
        return value != 0
    }

    /// Throws where the list does not speak of a certificate, and where nobody can tell whether it does.
    func check(_ certificate: CertificateFacts) throws(RevocationError) {
        guard certificate.isAuthority ? !onlyUsers : !onlyAuthorities else {
            throw RevocationError(.otherCertificate, "scope")
        }
        guard let names, names.isDisjoint(with: certificate.distributionPoints) else { return }
        // Two addresses that differ are two parts. A directory name may be the same one in other letters.
        guard names.contains(where: \.isAddress) else { throw RevocationError(.unsupported, "distribution-point") }
        throw RevocationError(.otherCertificate, "scope")
    }
}

/// The extensions of a list's entry (RFC 5280, 5.3).
struct RevocationEntryExtensions {
    /// The reason's code; nil where there is none.
    private(set) var reason: Int?
    /// The encodings of the names in certificateIssuer; nil where the entry has none.
    private(set) var issuers: [ArraySlice<UInt8>]?

    /// Reads an entry's extensions, which may be missing; throws `.unsupported` for a critical one that is unknown here.
    init(_ extensions: DERElement?, isIndirect: Bool) throws(DERError) {
        guard let extensions else { return }
        var list = DERReader(extensions.content)
        for entry in try list.all(limit: 16) {
            var parts = DERReader(entry.content)
            let (identifier, isCritical, value) = try parts.extensionFields()
            switch identifier {
            case .reasonCode:
                var inner = DERReader(value)
                reason = try inner.smallInteger(DERTag.enumerated)
            case .certificateIssuer where isIndirect:
                var names = try DERReader.sequence(value)
                issuers = try names.all(limit: 16).filter { $0.tag == DERTag.contextConstructed(4) }.map(\.content)
            default: if isCritical { throw DERError(.unsupported) }
            }
        }
    }
}

/// The certificates that a list revokes (RFC 5280, 5.1.2.6), found by their serial numbers without a walk.
///
/// Kamu SM's lists have hundreds of thousands of entries. Made is a table of where each begins; the entries themselves stay
/// as they are, and those that are asked for are read when they are asked for.
struct RevocationListEntries: Sendable {
    private struct Entry {
        /// Its beginning in `octets`.
        let place: UInt32
        /// Of its serial number, so that few entries need be looked at.
        let hash: UInt32
        /// The number of the next entry for the same serial number.
        var next = none
    }

    private static let none = UInt32.max

    /// All of it, for a reader of one entry after another.
    let octets: ArraySlice<UInt8>
    private var entries: [Entry] = []
    /// Open addressing: in each slot, the number of the first entry for a serial number. A power of two of slots, at most half
    /// of them taken.
    private var slots: [UInt32]
    /// The fault of the list from some entry on. Those before it are known.
    private var fault: DERError?

    /// Reads the contents of the field `revokedCertificates`.
    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        var list = DERReader(octets)
        do throws(DERError) {
            while !list.isAtEnd {
                let entry = try list.next(DERTag.sequence)
                let hash = Self.hash(try Self.serial(of: entry))
                // A list has at most 64 MiB, so this fits.
                entries.append(Entry(place: UInt32(entry.encoding.startIndex - octets.startIndex), hash: hash))
            }
        } catch {
            fault = error
        }
        var size = 1
        while size < 2 * entries.count { size *= 2 }
        slots = [UInt32](repeating: Self.none, count: size)
        // From the end, so that of several for one serial number the first comes to stand in front.
        for number in entries.indices.reversed() {
            var slot = Int(entries[number].hash) & (size - 1)
            while slots[slot] != Self.none, !isSame(Int(slots[slot]), number) { slot = (slot + 1) & (size - 1) }
            entries[number].next = slots[slot]
            slots[slot] = UInt32(number)
        }
    }

    /// The entries for a serial number, in their order, each read as far as behind that number.
    ///
    /// Throws where there is none, and one could stand behind something that cannot be read.
    func find(_ serial: ArraySlice<UInt8>) throws(DERError) -> [DERReader] {
        let hash = Self.hash(serial)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != Self.none {
            let first = entries[Int(slots[slot])]
            if first.hash == hash, try read(first).serial == serial { return try all(from: first) }
            slot = (slot + 1) & (slots.count - 1)
        }
        if let fault { throw fault }
        return []
    }

    private func all(from first: Entry) throws(DERError) -> [DERReader] {
        var found = [try read(first).rest]
        var next = first.next
        while next != Self.none {
            found.append(try read(entries[Int(next)]).rest)
            next = entries[Int(next)].next
        }
        return found
    }

    /// Each was read before.
    private func read(_ entry: Entry) throws(DERError) -> (serial: ArraySlice<UInt8>, rest: DERReader) {
        var list = DERReader(octets[(octets.startIndex + Int(entry.place))...])
        var parts = DERReader(try list.next(DERTag.sequence).content)
        return (try parts.next(DERTag.integer).content, parts)
    }

    private func isSame(_ one: Int, _ other: Int) -> Bool {
        guard entries[one].hash == entries[other].hash else { return false }
        return (try? read(entries[one]).serial) == (try? read(entries[other]).serial)
    }

    private static func serial(of entry: DERElement) throws(DERError) -> ArraySlice<UInt8> {
        var parts = DERReader(entry.content)
        return try parts.next(DERTag.integer).content
    }

    /// Swift's own, whose seed nobody knows: a list may come from anybody, and could have all its entries meet in one slot.
    private static func hash(_ serial: ArraySlice<UInt8>) -> UInt32 {
        var hasher = Hasher()
        serial.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }
}
