// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A GeneralName by which a certificate and a revocation list say that they belong together (RFC 5280, 4.2.1.13, 5.2.5).
///
/// Equal octet by octet: two spellings of one directory name count as two, which only makes a list prove less.
struct DistributionPointName: Sendable, Hashable {
    private let tag: UInt8
    private let content: [UInt8]

    init(_ name: DERElement) {
        tag = name.tag
        content = Array(name.content)
    }

    /// A uniformResourceIdentifier.
    var isAddress: Bool { tag == DERTag.context(6) }
}
