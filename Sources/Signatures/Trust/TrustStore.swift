// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The certification authorities that are trusted: a value, replaced as a whole when the list changes.
///
/// Every certificate in it is an anchor, roots and sub-authorities alike: a chain ends at the first one it meets.
public struct TrustStore: Sendable, Equatable {
    /// What was offered as an anchor and not taken.
    public struct Rejected: Sendable, Equatable {
        /// The file's path, or the position in the list: "#2".
        public let source: String
        /// "too-large", "malformed", "bad-armour", "not-an-authority", "unreadable".
        public let reason: String
    }

    public let anchors: [CertificateFacts]
    public let rejected: [Rejected]

    /// Trusts nobody.
    public static let empty = TrustStore(certificates: [])

    /// Takes certificates in DER, or PEM with any number of them; what cannot be used is listed in `rejected`.
    public init(certificates: [[UInt8]]) {
        self.init(sources: certificates.enumerated().map { ("#\($0.offset)", $0.element) })
    }

    init(sources: [(name: String, bytes: [UInt8])]) {
        var anchors: [CertificateFacts] = []
        var rejected: [Rejected] = []
        for source in sources {
            do throws(CertificateError) {
                for facts in try CertificateFacts.readAll(source.bytes) {
                    if !facts.isAuthority {
                        rejected.append(Rejected(source: source.name, reason: "not-an-authority"))
                    } else if !anchors.contains(where: { $0.id == facts.id }) {
                        anchors.append(facts)
                    }
                }
            } catch {
                rejected.append(Rejected(source: source.name, reason: error.code.rawValue))
            }
        }
        self.anchors = anchors
        self.rejected = rejected
    }
}
