// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract

/// A record: a decision or an application. Records are added, never changed, never removed, and each bears a link to
/// the one before it.
struct StoredRecord: Sendable, Equatable {
    let sequence: Int64
    let draft: RecordDraft
    /// The link of the record before; 32 zero octets before the first.
    let previous: Data
    let link: Data
}

/// A record before it has its place in the chain.
struct RecordDraft: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case consent(decision: Decision, statementVersion: String)
        case application(kind: ApplicationKind, consent: String, certificate: Data)
    }

    let kind: Kind
    let reference: String
    /// HMAC of the identity number.
    let identity: Data
    /// When the signature or the application was received, UTC seconds.
    let at: Int64
    /// What proves it (`RecordContents`), sealed.
    let sealed: Data

    /// The octets that the link is made of: each field with its length before it, so that no two records share them.
    func linked(to previous: Data, sequence: Int64) -> Data {
        var bytes = Data()
        func add(_ field: Data) {
            withUnsafeBytes(of: UInt64(field.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(field)
        }
        add(previous)
        add(Data(String(sequence).utf8))
        add(Data(reference.utf8))
        add(identity)
        add(Data(String(at).utf8))
        switch kind {
        case .consent(let decision, let version):
            add(Data("consent".utf8))
            add(Data(decision.rawValue.utf8))
            add(Data(version.utf8))
        case .application(let kind, let consent, let certificate):
            add(Data("application".utf8))
            add(Data(kind.rawValue.utf8))
            add(Data(consent.utf8))
            add(certificate)
        }
        add(sealed)
        return bytes
    }
}

/// Where the chain ends.
struct ChainHead: Sendable, Equatable {
    let sequence: Int64
    let link: Data

    /// Before the first record.
    static let empty = ChainHead(sequence: 0, link: Data(repeating: 0, count: 32))
}
