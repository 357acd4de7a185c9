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
    ///   prove nobody good, but a revocation that they tell counts. Otherwise they are refused.
    public init(_ bytes: [UInt8], issuer: CertificateFacts, takesParts: Bool = false) throws(RevocationError) {
        guard bytes.count <= Self.maximumLength else { throw RevocationError(.tooLarge) }
        der = try Self.unarmoured(bytes)
        self.issuer = issuer
        let structure: SignedStructure
        let name: DERElement
        do throws(DERError) {
            var outer = DERReader(try DERReader.single(der[...], tag: DERTag.sequence).content)
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

    /// What the list says of a certificate of its issuer at an instant, UTC seconds since 1970.
    ///
    /// A revocation is one for ever: it counts from a list that is out of date, and from one for another part of the
    /// issuer's certificates, since the serial number is this one's alone. "Good" and "on hold" count only from a list that
    /// is current and speaks of this certificate. It takes as long for a million entries as for one: `init` has read them.
    public func judgement(
        of certificate: CertificateFacts, at time: Int64, freshness: Freshness = .standard
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
        try freshness.check(thisUpdate: thisUpdate, nextUpdate: nextUpdate, at: time)
        return judgement
    }

    /// What the entries say of a serial number, the worst of them where there are several; nil where none does.
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
            if let block = try PEM.blocks(bytes).first(where: { $0.label == "X509 CRL" }) { return block.der }
        } catch {
            throw RevocationError(.malformed, error.code.rawValue)
        }
        throw RevocationError(.malformed, "no list")
    }
}
