// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import PortalContract
import Signatures

/// The sealed part of a record.
protocol RecordContents: WireValue {
    /// Where the contents belong. The reference is part of the sealing: contents cannot be moved to another record.
    static func context(_ reference: String) -> String
}

extension RecordContents {
    init(_ record: StoredRecord, _ keys: PortalKeys) throws {
        try self.init(utf8: try keys.open(record.draft.sealed, context: Self.context(record.draft.reference)))
    }

    func sealed(as reference: String, _ keys: PortalKeys) throws -> Data {
        try keys.seal(json.utf8, context: Self.context(reference))
    }
}

/// The proof of a consent, which needs no other source.
struct ConsentContents: RecordContents, Equatable {
    /// The text that the portal composed, and that was signed.
    let text: String
    /// The CMS, DER.
    let signature: [UInt8]
    /// From the signer's certificate to the anchor, DER.
    let chain: [[UInt8]]
    /// As the signer claims it, UTC seconds.
    let signingTime: Int64
    /// The state of revocation when the signature was received.
    let revocation: RevocationFinding

    static func context(_ reference: String) -> String { "consent " + reference }
}

extension ConsentContents {
    init(json: JSON) throws(InvalidMessage) {
        text = try json.text("text")
        signature = try json.octets("signature")
        chain = try json.octetLists("chain")
        signingTime = try json.instant("signingTime")
        revocation = try json.message("revocation")
    }

    var json: JSON {
        .members(
            ("text", .string(text)), ("signature", .octets(signature)), ("chain", .array(chain.map { .octets($0) })),
            ("signingTime", .instant(signingTime)), ("revocation", revocation.json))
    }
}

/// The person and certificate of an application.
struct ApplicationContents: RecordContents, Equatable {
    let identity: String
    let holder: String
    /// Not-after of the certificate that the holder signed in with, UTC seconds.
    let certificateEnd: Int64

    static func context(_ reference: String) -> String { "application " + reference }
}

extension ApplicationContents {
    init(json: JSON) throws(InvalidMessage) {
        identity = try json.text("identity")
        holder = try json.text("holder")
        certificateEnd = try json.instant("certificateEnd")
    }

    var json: JSON {
        .members(
            ("identity", .string(identity)), ("holder", .string(holder)), ("certificateEnd", .instant(certificateEnd)))
    }
}

/// The answers about the revocation of a chain, as the octets that prove them.
///
/// A record seals the answers of responders, which are about one certificate. Lists are about thousands and may have
/// megabytes: the record seals their SHA-256, and the store keeps each list once.
struct RevocationFinding: WireValue, Equatable {
    /// OCSP answers, DER.
    let answers: [[UInt8]]
    /// Revocation lists, DER, that a record of version 1 sealed whole.
    private let sealedLists: [[UInt8]]
    /// Revocation lists that were fetched just now; none if the record was read.
    let lists: [KnownList]
    /// SHA-256 of each list that the store keeps.
    let listDigests: [Data]
    /// The policy of that time; nil in a record of version 1, which did not keep it.
    let policy: RevocationPolicy?

    /// A finding of this moment.
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
            ("ocsp", .array(answers.map { .octets($0) })), ("lists", .array(listDigests.map { .octets($0) })),
            ("policy", policy.map { .string($0.rawValue) }))
    }

    /// All of it, with the store's lists; nil if one of these is missing, or not as it was.
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

/// A revocation list's octets with their SHA-256, which is computed once for all signatures that ask for the list.
struct KnownList: Sendable, Equatable {
    /// DER.
    let der: [UInt8]
    let digest: Data

    init(_ der: [UInt8]) {
        self.der = der
        digest = Data(SHA256.hash(data: der))
    }

    static func == (left: KnownList, right: KnownList) -> Bool { left.digest == right.digest }
}
