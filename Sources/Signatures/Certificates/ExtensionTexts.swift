// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Reads the extensions whose texts and addresses libcrypto's printing gets wrong or refuses: notices as BMPString,
/// statements with free text, addresses with octets that are no ASCII.
enum ExtensionTexts {
    /// Certificate policies with what is said about each (RFC 5280, 4.2.1.4).
    static func policies(_ value: ArraySlice<UInt8>) throws(DERError) -> [CertificatePolicy] {
        var list = try DERReader.sequence(value)
        var policies: [CertificatePolicy] = []
        for var parts in try list.sequences(limit: 64) {
            let identifier = try parts.objectIdentifier()
            var notices: [String] = []
            if let qualifiers = try parts.optional(DERTag.sequence) {
                var list = DERReader(qualifiers.content)
                for var parts in try list.sequences(limit: 64) {
                    switch try parts.objectIdentifier() {
                    case .policyCPS: _ = try parts.next()
                    case .policyUserNotice: notices += try notice(parts.next())
                    default: break
                    }
                }
            }
            policies.append(CertificatePolicy(identifier: identifier.description, notices: notices))
        }
        return policies
    }

    /// The explicit text of a UserNotice; a reference to a numbered notice before it is stepped over.
    private static func notice(_ element: DERElement) throws(DERError) -> [String] {
        var parts = DERReader(element.content)
        var texts: [String] = []
        while !parts.isAtEnd {
            let part = try parts.next()
            if let text = DERString.text(part) { texts.append(text) }
        }
        return texts
    }

    /// The QC statements, with the strings and identifiers found inside each at any depth.
    static func statements(_ value: ArraySlice<UInt8>) throws(DERError) -> [QCStatement] {
        var list = try DERReader.sequence(value)
        var statements: [QCStatement] = []
        for var parts in try list.sequences(limit: 64) {
            let identifier = try parts.objectIdentifier()
            var limit: TransactionLimit?
            if identifier == .qcLimitValue {
                var value = parts
                limit = try TransactionLimit(value.next())
            }
            var texts: [String] = []
            var identifiers: [String] = []
            // A pile instead of recursion: statements of others may nest as deep as they like.
            var pending = [parts]
            while var reader = pending.popLast() {
                while !reader.isAtEnd {
                    let element = try reader.next()
                    if element.isConstructed {
                        pending.append(reader)
                        reader = DERReader(element.content)
                    } else if element.tag == DERTag.objectIdentifier {
                        identifiers.append(try ObjectIdentifier(content: element.content).description)
                    } else if let text = DERString.text(element) {
                        texts.append(text)
                    }
                }
            }
            statements.append(
                QCStatement(
                    identifier: identifier.description, text: limit?.description ?? texts.joined(separator: " "),
                    identifiers: identifiers, limit: limit))
        }
        return statements
    }

    /// Addresses of AuthorityInfoAccess by what can be had there (RFC 5280, 4.2.2.1).
    static func access(_ value: ArraySlice<UInt8>) throws(DERError) -> [ObjectIdentifier: [String]] {
        var list = try DERReader.sequence(value)
        var addresses: [ObjectIdentifier: [String]] = [:]
        for var parts in try list.sequences(limit: 64) {
            let method = try parts.objectIdentifier()
            addresses[method, default: []] += webAddress(try parts.next())
        }
        return addresses
    }

    /// CRLDistributionPoints (RFC 5280, 4.2.1.13): where lists can be had, and by which names a list for a part of the
    /// issuer's certificates shows that it is for this one.
    ///
    /// A point for some reasons only, or one whose lists another issuer signs, has addresses, but gives no such name: its
    /// list by itself proves nothing (RFC 5280, 6.3.3 b 1 and d).
    static func distributionPoints(
        _ value: ArraySlice<UInt8>
    ) throws(DERError) -> (addresses: [String], names: Set<DistributionPointName>) {
        var list = try DERReader.sequence(value)
        var addresses: [String] = []
        var proofs: Set<DistributionPointName> = []
        for var parts in try list.sequences(limit: 64) {
            guard let point = try parts.optional(DERTag.contextConstructed(0)) else { continue }
            var choice = DERReader(point.content)
            guard let names = try choice.optional(DERTag.contextConstructed(0)) else { continue }
            var list = DERReader(names.content)
            for name in try list.all(limit: 64) {
                addresses += webAddress(name)
                if parts.isAtEnd { proofs.insert(DistributionPointName(name)) }
            }
        }
        return (addresses, proofs)
    }

    /// A GeneralName that is an address for HTTP; none for LDAP, directory names and the rest.
    private static func webAddress(_ name: DERElement) -> [String] {
        guard name.tag == DERTag.context(6), let text = DERString.text(name.content, as: DERTag.ia5String) else {
            return []
        }
        let scheme = text.prefix(8).lowercased()
        return scheme.hasPrefix("http://") || scheme.hasPrefix("https://") ? [text] : []
    }
}

/// The permitted uses of a certificate's key (RFC 5280, 4.2.1.3).
public struct KeyUsage: OptionSet, Sendable, Hashable {
    /// Bit n is the standard's bit n.
    public let rawValue: UInt32

    /// From the standard's bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Signatures other than those on certificates and lists.
    public static let digitalSignature = KeyUsage(rawValue: 1 << 0)
    /// Also called contentCommitment: the key makes signatures that its holder answers for.
    public static let nonRepudiation = KeyUsage(rawValue: 1 << 1)
    /// Keys are sent to it.
    public static let keyEncipherment = KeyUsage(rawValue: 1 << 2)
    /// Data are sent to it.
    public static let dataEncipherment = KeyUsage(rawValue: 1 << 3)
    /// Keys are agreed on with it.
    public static let keyAgreement = KeyUsage(rawValue: 1 << 4)
    /// Signs certificates.
    public static let keyCertSign = KeyUsage(rawValue: 1 << 5)
    /// Signs revocation lists.
    public static let crlSign = KeyUsage(rawValue: 1 << 6)

    private static let all = [
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
        "cRLSign", "encipherOnly", "decipherOnly",
    ]

    /// The names of the standard, in its order.
    public var names: [String] {
        Self.all.indices.filter { rawValue & (1 << UInt32($0)) != 0 }.map { Self.all[$0] }
    }
}
