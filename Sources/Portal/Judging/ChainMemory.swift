// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import EOnayCore
import Foundation
import Signatures
import Synchronization

/// The chains that were found good. A visit has two signatures with one certificate, and building its chain is the dearest
/// part of judging them.
///
/// A chain is remembered for the same certificates and the same anchors, and for the seconds in which each of its
/// certificates is valid. What is refused is judged anew. Safe to use from any thread.
final class ChainMemory: Sendable {
    private struct Entry {
        let chain: [CertificateFacts]
        /// UTC seconds in which all of the chain is valid.
        let validity: ClosedRange<Int64>
    }

    private struct State {
        var trust: TrustStore?
        var entries: [Data: Entry] = [:]
        /// The keys, oldest first.
        var order: [Data] = []
    }

    private let state = Mutex(State())

    /// How many chains are remembered, of some 5 kB each.
    static let most = 512

    var count: Int { state.withLock { $0.entries.count } }

    /// Returns and throws the same as `PortalSignature.judgeCertificate`.
    func chain(
        of signature: PortalSignature, trust: TrustStore, at time: Int64
    ) throws(SignatureReason) -> [CertificateFacts] {
        let key = Self.key(of: signature)
        let known = state.withLock { state in
            state.trust.map(trust.isIdentical(to:)) == true ? state.entries[key] : nil
        }
        if let known, known.validity.contains(time) { return known.chain }
        let chain = try signature.judgeCertificate(trust: trust, at: time)
        remember(chain, as: key, trust)
        return chain
    }

    private func remember(_ chain: [CertificateFacts], as key: Data, _ trust: TrustStore) {
        guard let begin = chain.map(\.notBefore).max(), let end = chain.map(\.notAfter).min(), begin <= end else {
            return
        }
        state.withLock { state in
            if state.trust.map(trust.isIdentical(to:)) != true { state = State(trust: trust) }
            guard state.entries.updateValue(Entry(chain: chain, validity: begin...end), forKey: key) == nil else {
                return
            }
            state.order.append(key)
            if state.order.count > Self.most { state.entries[state.order.removeFirst()] = nil }
        }
    }

    /// All certificates of the signature, its signer's first.
    private static func key(of signature: PortalSignature) -> Data {
        var hash = SHA256()
        for certificate in [signature.certificate.der] + signature.otherCertificates {
            // A DER value says its own length, so that no two lists have the same octets.
            hash.update(data: certificate)
        }
        return Data(hash.finalize())
    }
}
