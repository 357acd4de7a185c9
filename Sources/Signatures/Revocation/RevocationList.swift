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
    private let entries: ArraySlice<UInt8>

    /// Reads a list in DER or PEM and checks that this issuer signed it.
    ///
    /// Delta lists, indirect lists and lists for some reasons only are refused: by themselves they prove nothing.
    public init(_ bytes: [UInt8], issuer: CertificateFacts) throws(RevocationError) {
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
            let inner = try AlgorithmIdentifier(list.next())
            guard inner.content.elementsEqual(structure.algorithm.content) else { throw DERError(.badValue) }
            name = try list.next(DERTag.sequence)
            thisUpdate = try list.time()
            let hasEnd = list.nextTag == DERTag.utcTime || list.nextTag == DERTag.generalizedTime
            nextUpdate = hasEnd ? try list.time() : nil
            entries = try list.optional(DERTag.sequence)?.content ?? []
            scope = try RevocationListScope(list.optional(DERTag.contextConstructed(0)))
            try list.expectEnd()
        } catch {
            throw RevocationError(error.code == .unsupported ? .unsupported : .malformed, error.code.rawValue)
        }
        guard name.encoding.elementsEqual(issuer.subject.der) else {
            throw RevocationError(.otherCertificate, "issuer")
        }
        guard issuer.keyUsage?.contains(.crlSign) != false else {
            throw RevocationError(.unauthorisedSigner, "key-usage")
        }
        try structure.check(signedBy: issuer)
    }

    /// What the list says of a certificate of its issuer at an instant, UTC seconds since 1970.
    ///
    /// Walks the whole list: a million entries take some tens of milliseconds.
    public func judgement(
        of certificate: CertificateFacts, at time: Int64, freshness: Freshness = .standard
    ) throws(RevocationError) -> RevocationJudgement {
        guard certificate.issuer.der == issuer.subject.der else { throw RevocationError(.otherCertificate, "issuer") }
        try scope.check(certificate)
        try freshness.check(thisUpdate: thisUpdate, nextUpdate: nextUpdate, at: time)
        let status: RevocationJudgement.Status
        do throws(DERError) {
            status = try find(certificate.serialOctets[...])
        } catch {
            throw RevocationError(error.code == .unsupported ? .unsupported : .malformed, error.code.rawValue)
        }
        return RevocationJudgement(status: status, source: .crl, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
    }

    private func find(_ serial: ArraySlice<UInt8>) throws(DERError) -> RevocationJudgement.Status {
        var list = DERReader(entries)
        while !list.isAtEnd {
            var entry = DERReader(try list.next(DERTag.sequence).content)
            guard try entry.next(DERTag.integer).content == serial else { continue }
            let since = try entry.time()
            return .revoked(at: since, reason: try RevocationListScope.reason(entry.optional(DERTag.sequence)))
        }
        return .good
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
