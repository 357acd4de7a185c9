// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// The service's objects at one moment, as GetManagedObjects tells them.
struct ServiceObjects: Equatable {
    private(set) var tokens: [TokenFacts] = []
    private(set) var certificates: [CertificateObject] = []
    private(set) var approvals: [ApprovalObject] = []

    /// From `a{oa{sa{sv}}}`; nil for anything else. Objects of interfaces that are unknown here are passed over.
    init?(_ value: Value) {
        guard let objects = value.entries else { return nil }
        for object in objects {
            guard let path = object.key.objectPath else { return nil }
            for interface in object.value.entries ?? [] {
                let properties = Value.properties(interface.value)
                switch interface.key.string {
                case TokenInterface.name: tokens.append(TokenFacts(path, properties))
                case CertificateInterface.name: certificates.append(CertificateObject(path, properties))
                case ApprovalInterface.name: approvals.append(ApprovalObject(path, properties))
                default: break
                }
            }
        }
        tokens.sort { $0.reader < $1.reader }
        certificates.sort { ($0.notAfter, $0.id) < ($1.notAfter, $1.id) }
        approvals.sort { $0.path < $1.path }
    }

    /// The certificates that a person means by `reference`: an id or its beginning; "" means all.
    func certificates(called reference: String) throws -> [CertificateObject] {
        guard !reference.isEmpty else { return certificates }
        try Self.check(reference: reference)
        let reference = reference.lowercased()
        let found = certificates.filter { $0.id.hasPrefix(reference) }
        guard !found.isEmpty else { throw Failure(.unknownCertificate, subject: reference) }
        guard found.count == 1 else { throw Failure(.ambiguousCertificate, subject: reference) }
        return found
    }

    /// Throws where this cannot be the id of a certificate, or the beginning of one.
    static func check(reference: String) throws(Failure) {
        guard (8...64).contains(reference.utf8.count), reference.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw Failure(.badCertificateID, subject: reference)
        }
    }

    func token(at path: ObjectPath) -> TokenFacts? { tokens.first { $0.path == path } }

    func certificate(at path: ObjectPath) -> CertificateObject? { certificates.first { $0.path == path } }
}
