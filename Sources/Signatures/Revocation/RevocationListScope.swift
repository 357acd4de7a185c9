// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Which certificates a revocation list speaks of, by its extensions (RFC 5280, 5.2).
struct RevocationListScope {
    private var onlyUsers = false
    private var onlyAuthorities = false
    /// Addresses of the distribution point that the list is for; empty where it is for all.
    private var addresses: [String] = []

    /// Reads the `[0]` field of a list, which may be missing; throws `.unsupported` for lists that prove nothing alone.
    init(_ field: DERElement?) throws(DERError) {
        guard let field else { return }
        var list = DERReader(try DERReader.single(field.content, tag: DERTag.sequence).content)
        for entry in try list.all(limit: 32) {
            var parts = DERReader(entry.content)
            let identifier = try parts.objectIdentifier()
            let critical = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            let value = try parts.octetString()
            switch identifier {
            case .deltaCRLIndicator: throw DERError(.unsupported)
            case .issuingDistributionPoint: try readDistributionPoint(value)
            case .authorityKeyIdentifier, .crlNumber: break
            default: if critical { throw DERError(.unsupported) }
            }
        }
    }

    /// IssuingDistributionPoint (RFC 5280, 5.2.5).
    private mutating func readDistributionPoint(_ value: ArraySlice<UInt8>) throws(DERError) {
        var parts = DERReader(try DERReader.single(value, tag: DERTag.sequence).content)
        while !parts.isAtEnd {
            let part = try parts.next()
            switch part.tag {
            case DERTag.contextConstructed(0):
                var choice = DERReader(part.content)
                // A name relative to the issuer could not be compared with the addresses in certificates.
                let names = try choice.next()
                guard names.tag == DERTag.contextConstructed(0) else { throw DERError(.unsupported) }
                var list = DERReader(names.content)
                for name in try list.all(limit: 64) where name.tag == DERTag.context(6) {
                    addresses += [DERString.text(name.content, as: DERTag.ia5String)].compactMap(\.self)
                }
            case DERTag.context(1): onlyUsers = try flag(part)
            case DERTag.context(2): onlyAuthorities = try flag(part)
            case DERTag.context(4), DERTag.context(5): if try flag(part) { throw DERError(.unsupported) }
            default: throw DERError(.unsupported)
            }
        }
    }

    private func flag(_ element: DERElement) throws(DERError) -> Bool {
        guard element.content.count == 1, let value = element.content.first else { throw DERError(.badValue) }
        return value != 0
    }

    func covers(_ certificate: CertificateFacts) -> Bool {
        if onlyUsers && certificate.isAuthority { return false }
        if onlyAuthorities && !certificate.isAuthority { return false }
        return addresses.isEmpty || certificate.crl.contains(where: addresses.contains)
    }

    /// The reason in an entry's extensions (RFC 5280, 5.3.1), where it tells one.
    static func reason(_ extensions: DERElement?) throws(DERError) -> Int? {
        guard let extensions else { return nil }
        var list = DERReader(extensions.content)
        var reason: Int?
        for entry in try list.all(limit: 16) {
            var parts = DERReader(entry.content)
            let identifier = try parts.objectIdentifier()
            let critical = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
            let value = try parts.octetString()
            if identifier == .reasonCode {
                var inner = DERReader(value)
                reason = try inner.smallInteger(DERTag.enumerated)
            } else if critical {
                // certificateIssuer: the entry is about another issuer's certificate, in an indirect list.
                throw DERError(.unsupported)
            }
        }
        return reason
    }
}
