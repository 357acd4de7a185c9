// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// RSASSA-PSS-params (RFC 4055, 3.1): each field has a default, which DER leaves out and other writers spell out.
struct PSSParameters: Equatable {
    private(set) var digest = Digest.sha1.identifier
    private(set) var mask = ObjectIdentifier.mgf1
    /// The digest of the mask generation.
    private(set) var maskDigest = Digest.sha1.identifier
    private(set) var saltLength = 20
    private(set) var trailer = 1

    /// Reads parameters; absent ones are all defaults. nil for what is none, NULL included.
    init?(_ parameters: DERElement?) {
        guard let parameters else { return }
        guard parameters.tag == DERTag.sequence else { return nil }
        do throws(DERError) {
            var parts = DERReader(parameters.content)
            if let field = try parts.optional(DERTag.contextConstructed(0)) { digest = try Self.digest(field.content) }
            if let field = try parts.optional(DERTag.contextConstructed(1)) {
                let named = try AlgorithmIdentifier(DERReader.single(field.content, tag: DERTag.sequence))
                guard let inner = named.parameters else { return nil }
                (mask, maskDigest) = (named.algorithm, try Self.digest(inner.encoding))
            }
            if let field = try parts.optional(DERTag.contextConstructed(2)) {
                saltLength = try Self.number(field.content)
            }
            if let field = try parts.optional(DERTag.contextConstructed(3)) { trailer = try Self.number(field.content) }
            try parts.expectEnd()
        } catch {
            return nil
        }
    }

    private static func digest(_ bytes: ArraySlice<UInt8>) throws(DERError) -> ObjectIdentifier {
        let named = try AlgorithmIdentifier(DERReader.single(bytes, tag: DERTag.sequence))
        guard named.hasNoParameters else { throw DERError(.badValue) }
        return named.algorithm
    }

    private static func number(_ bytes: ArraySlice<UInt8>) throws(DERError) -> Int {
        try DERReader.smallInteger(DERReader.single(bytes, tag: DERTag.integer).content)
    }
}
