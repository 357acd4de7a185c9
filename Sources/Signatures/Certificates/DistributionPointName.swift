// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A GeneralName by which a certificate and a revocation list say that they belong together (RFC 5280, 4.2.1.13, 5.2.5).
///
/// Directory names are equal in any spelling (RFC 5280, 7.1), all else octet by octet.
enum DistributionPointName: Sendable, Hashable {
    case directory(ComparableName)
    case other(tag: UInt8, content: [UInt8])

    init(_ name: DERElement) {
        if name.tag == DERTag.contextConstructed(4) {
            do throws(DERError) {
                self = .directory(try ComparableName(DERReader.single(name.content, tag: DERTag.sequence)))
                return
            } catch {
                // No name after all: it equals only its own octets.
            }
        }
        self = .other(tag: name.tag, content: Array(name.content))
    }

    /// A uniformResourceIdentifier.
    var isAddress: Bool {
        if case .other(DERTag.context(6), _) = self { true } else { false }
    }
}
