// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import PortalContract
import Signatures

/// What proves a consent later, with no other source: it is what a record seals.
struct ConsentContents: WireValue, Equatable {
    /// The text that the portal composed, and that was signed.
    let text: String
    /// The CMS, DER.
    let signature: [UInt8]
    /// From the signer's certificate to the anchor, DER.
    let chain: [[UInt8]]
    /// As the signer claims it, UTC seconds.
    let signingTime: Int64
    /// What was found out of revocation when the signature was received.
    let revocation: RevocationFinding

    init(text: String, signature: [UInt8], chain: [[UInt8]], signingTime: Int64, revocation: RevocationFinding) {
        self.text = text
        self.signature = signature
        self.chain = chain
        self.signingTime = signingTime
        self.revocation = revocation
    }

    /// Opens a record's contents.
    init(_ record: StoredRecord, _ keys: PortalKeys) throws {
        let plain = try keys.open(record.draft.sealed, context: Self.context(record.draft.reference))
        try self.init(utf8: plain)
    }

    /// The reference is part of the sealing: contents cannot be moved to another record.
    static func context(_ reference: String) -> String { "consent " + reference }

    init(json: JSON) throws(InvalidMessage) {
        text = try json.text("text")
        signature = try json.octets("signature")
        chain = try json.octetLists("chain")
        signingTime = try json.instant("signingTime")
        guard let revocation = json["revocation"] else { throw InvalidMessage(field: "revocation") }
        self.revocation = try RevocationFinding(json: revocation)
    }

    var json: JSON {
        .members(
            ("text", .string(text)), ("signature", .string(Base64.encode(signature))),
            ("chain", .array(chain.map { .string(Base64.encode($0)) })),
            ("signingTime", .string(Timestamp(seconds: signingTime).text)), ("revocation", revocation.json))
    }
}

/// What an application is for: it is what its record seals.
struct ApplicationContents: WireValue, Equatable {
    let identity: String
    let holder: String
    /// Not-after of the certificate that the holder signed in with, UTC seconds.
    let certificateEnd: Int64

    init(identity: String, holder: String, certificateEnd: Int64) {
        self.identity = identity
        self.holder = holder
        self.certificateEnd = certificateEnd
    }

    /// Opens a record's contents.
    init(_ record: StoredRecord, _ keys: PortalKeys) throws {
        let plain = try keys.open(record.draft.sealed, context: Self.context(record.draft.reference))
        try self.init(utf8: plain)
    }

    static func context(_ reference: String) -> String { "application " + reference }

    init(json: JSON) throws(InvalidMessage) {
        identity = try json.text("identity")
        holder = try json.text("holder")
        certificateEnd = try json.instant("certificateEnd")
    }

    var json: JSON {
        .members(
            ("identity", .string(identity)), ("holder", .string(holder)),
            ("certificateEnd", .string(Timestamp(seconds: certificateEnd).text)))
    }
}

extension JSON {
    /// The octets of a member in base64.
    func octets(_ name: String) throws(InvalidMessage) -> [UInt8] {
        guard let bytes = Base64.decode(try text(name)) else { throw InvalidMessage(field: name) }
        return bytes
    }

    /// The octets of each element of a member.
    func octetLists(_ name: String) throws(InvalidMessage) -> [[UInt8]] {
        guard case .array(let elements)? = self[name] else { throw InvalidMessage(field: name) }
        var lists: [[UInt8]] = []
        for element in elements {
            guard case .string(let text) = element, let bytes = Base64.decode(text) else {
                throw InvalidMessage(field: name)
            }
            lists.append(bytes)
        }
        return lists
    }
}

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

/// A revocation list's octets with their SHA-256, which is worked out once for all signatures that the list is asked for.
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
