// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto
public import EOnayCore
internal import SystemBasics

/// The certification authorities that are trusted: a value, replaced as a whole when the list changes.
///
/// Every certificate in it is an anchor, roots and sub-authorities alike: a chain ends at the first one it meets.
public struct TrustStore: Sendable {
    /// An offered anchor that was not taken.
    public struct Rejected: Sendable, Hashable {
        /// The file's path, or the position in the list: "#2".
        public let source: String
        /// "too-large", "malformed", "bad-armour", "refused", "not-an-authority", "unreadable".
        public let reason: String
    }

    /// Each once, in the order of the sources.
    public let anchors: [CertificateFacts]
    /// The offered anchors that were not taken, for a log or a `check` command.
    public let rejected: [Rejected]
    private let store: AnchorStore

    /// Takes certificates in DER, or PEM with any number of them; what cannot be used is listed in `rejected`.
    public init(certificates: [[UInt8]]) {
        self.init(sources: certificates.enumerated().map { ("#\($0.offset)", .success($0.element)) })
    }

    /// Takes what was read from several places; a failure carries the reason to list.
    init(sources: [(name: String, bytes: Result<[UInt8], SystemError>)]) {
        var anchors: [CertificateFacts] = []
        var origins: [String: String] = [:]
        var rejected: [Rejected] = []
        for source in sources {
            guard case .success(let bytes) = source.bytes else {
                rejected.append(Rejected(source: source.name, reason: "unreadable"))
                continue
            }
            do throws(CertificateError) {
                for facts in try CertificateFacts.readAll(bytes) {
                    if !facts.isAuthority {
                        rejected.append(Rejected(source: source.name, reason: "not-an-authority"))
                    } else if origins.updateValue(source.name, forKey: facts.id) == nil {
                        anchors.append(facts)
                    }
                }
            } catch {
                rejected.append(Rejected(source: source.name, reason: error.code.rawValue))
            }
        }
        let store = AnchorStore(anchors)
        for id in store.unreadable {
            rejected.append(
                Rejected(source: origins[id] ?? "", reason: CertificateError.Code.refused.rawValue))
        }
        self.anchors = anchors.filter { !store.unreadable.contains($0.id) }
        self.rejected = rejected
        self.store = store
    }

    /// The chain from a certificate to an anchor, both included, all of it good at an instant.
    ///
    /// The leaf's own time is checked as well; its key usage and qualification are not. No revocation. Throws why no chain leads to
    /// an anchor: one of the faults `.untrustedIssuer`, `.authorityOutOfTime`, `.chainBroken`, `.chainForbidden` and `.chainWeak`.
    ///
    /// - Parameter intermediates: certificates to find the issuers among, DER, such as those that came with a signature;
    ///   unreadable ones are passed over.
    public func chain(
        for certificate: CertificateFacts, intermediates: [[UInt8]] = [], at time: Int64
    ) throws(SignatureReason) -> [CertificateFacts] {
        try ChainBuilder(anchors: store, anchorFacts: anchors)
            .chain(for: certificate, intermediates: CertificateBag(intermediates).facts, at: time)
    }
}

extension TrustStore {
    /// Whether both are copies of one store, which was read once. Quicker than `==`.
    public func isIdentical(to other: TrustStore) -> Bool { store === other.store }
}

extension TrustStore: Equatable {
    /// Equal anchors in equal order, equal rejections.
    public static func == (left: TrustStore, right: TrustStore) -> Bool {
        left.anchors.map(\.id) == right.anchors.map(\.id) && left.rejected == right.rejected
    }
}

/// The X509_STORE behind a `TrustStore`, made once, because reading thirty anchors costs more than checking a chain.
final class AnchorStore: @unchecked Sendable {
    // Sendable: filled in init and only read afterwards; X509_STORE takes its own lock when chains are built from it.
    let pointer: OpaquePointer
    /// The ids of those that libcrypto cannot read; they are left out.
    let unreadable: Set<String>

    init(_ anchors: [CertificateFacts]) {
        guard let store = X509_STORE_new() else { preconditionFailure("X509_STORE_new: no memory") }
        pointer = store
        var unreadable: Set<String> = []
        for anchor in anchors {
            do throws(LibcryptoError) {
                let certificate = try X509Handle(anchor)
                // The store takes a reference of its own.
                try LibcryptoError.check(X509_STORE_add_cert(store, certificate.pointer), "X509_STORE_add_cert")
            } catch {
                unreadable.insert(anchor.id)
            }
        }
        self.unreadable = unreadable
    }

    deinit { X509_STORE_free(pointer) }
}
