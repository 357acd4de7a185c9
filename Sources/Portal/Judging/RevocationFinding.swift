// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import PortalContract
import Signatures

/// What was found out about the revocation of a chain, as the octets that prove it.
///
/// A record seals the answers of responders, which speak of one certificate. Lists speak of thousands and may have
/// megabytes: the record seals their SHA-256, and the store keeps each once.
struct RevocationFinding: WireValue, Equatable {
    /// OCSP answers, DER.
    let answers: [[UInt8]]
    /// Revocation lists, DER, that a record of version 1 sealed whole.
    private let sealedLists: [[UInt8]]
    /// Revocation lists that were asked just now; none of a record that was read.
    let lists: [KnownList]
    /// SHA-256 of each list that the store keeps.
    let listDigests: [Data]
    /// What was demanded then; nil in a record of version 1, which did not say.
    let policy: RevocationPolicy?

    /// What was found out just now.
    init(answers: [[UInt8]] = [], lists: [KnownList] = [], policy: RevocationPolicy) {
        (self.answers, self.lists, self.policy) = (answers, lists, policy)
        sealedLists = []
        listDigests = lists.map(\.digest)
    }

    init(json: JSON) throws(InvalidMessage) {
        answers = try json.octetLists("ocsp")
        sealedLists = json["crl"] == nil ? [] : try json.octetLists("crl")
        lists = []
        listDigests = json["lists"] == nil ? [] : try json.octetLists("lists").map { Data($0) }
        policy = try json.optionalText("policy").flatMap(RevocationPolicy.init(rawValue:))
    }

    var json: JSON {
        .members(
            ("ocsp", .array(answers.map { .string(Base64.encode($0)) })),
            ("lists", .array(listDigests.map { .string(Base64.encode($0)) })),
            ("policy", policy.map { .string($0.rawValue) }))
    }

    /// All of it, the store's lists included; nil where one of these is not there any more, or not as it was.
    func evidence(in store: any PortalStore) async throws -> [RevocationEvidence]? {
        var evidence = answers.map(RevocationEvidence.ocsp) + sealedLists.map(RevocationEvidence.crl)
        for digest in listDigests {
            guard let der = try await store.revocationList(digest), Data(SHA256.hash(data: der)) == digest else {
                return nil
            }
            evidence.append(.crl(Array(der)))
        }
        return evidence
    }
}
