// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Which certificates a revocation list speaks of, by its extensions (RFC 5280, 5.2).
///
/// An authority may cut its certificates into parts, each with a list of its own. A certificate that is missing on the list
/// of another part is not good but unspoken of, so a list counts only where certificate and list share the name of their
/// distribution point (RFC 5280, 6.3.3 b 2 i). Where that cannot be seen, the list proves nothing.
struct RevocationListScope {
    /// It tells what has changed since another list.
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
        var list = DERReader(try DERReader.single(field.content, tag: DERTag.sequence).content)
        var seen: Set<ObjectIdentifier> = []
        for entry in try list.all(limit: 32) {
            var parts = DERReader(entry.content)
            let identifier = try parts.objectIdentifier()
            // Once each (RFC 5280, 5.2 and 4.2): of two scopes, nobody could tell which one counts.
            guard seen.insert(identifier).inserted else { throw DERError(.badValue) }
            let critical = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            let value = try parts.octetString()
            switch identifier {
            case .deltaCRLIndicator: isDelta = true
            case .issuingDistributionPoint: try readDistributionPoint(value)
            case .authorityKeyIdentifier, .crlNumber: break
            default: if critical { throw DERError(.unsupported) }
            }
        }
    }

    /// IssuingDistributionPoint (RFC 5280, 5.2.5).
    private mutating func readDistributionPoint(_ value: ArraySlice<UInt8>) throws(DERError) {
        var parts = DERReader(try DERReader.single(value, tag: DERTag.sequence).content)
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

/// What an entry of a list says beside number and time (RFC 5280, 5.3).
struct RevocationEntryExtensions {
    /// The reason's code; nil where none is told.
    private(set) var reason: Int?
    /// The encodings of the names in certificateIssuer; nil where the entry has none.
    private(set) var issuers: [ArraySlice<UInt8>]?

    /// Reads an entry's extensions, which may be missing; throws `.unsupported` for a critical one that is unknown here.
    init(_ extensions: DERElement?, isIndirect: Bool) throws(DERError) {
        guard let extensions else { return }
        var list = DERReader(extensions.content)
        for entry in try list.all(limit: 16) {
            var parts = DERReader(entry.content)
            let identifier = try parts.objectIdentifier()
            let critical = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            let value = try parts.octetString()
            switch identifier {
            case .reasonCode:
                var inner = DERReader(value)
                reason = try inner.smallInteger(DERTag.enumerated)
            case .certificateIssuer where isIndirect:
                var names = DERReader(try DERReader.single(value, tag: DERTag.sequence).content)
                issuers = try names.all(limit: 16).filter { $0.tag == DERTag.contextConstructed(4) }.map(\.content)
            default: if critical { throw DERError(.unsupported) }
            }
        }
    }
}
