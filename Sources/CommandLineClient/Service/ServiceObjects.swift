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
        let reference = reference.lowercased()
        guard !reference.isEmpty else { return certificates }
        guard (8...64).contains(reference.utf8.count), reference.allSatisfy(\.isHexDigit) else {
            throw Failure(.invalidArgument, detail: reference)
        }
        let found = certificates.filter { $0.id.hasPrefix(reference) }
        guard !found.isEmpty else { throw Failure(.noCertificate, detail: reference) }
        guard found.count == 1 else { throw Failure(.ambiguousCertificate, detail: reference) }
        return found
    }

    func token(at path: ObjectPath) -> TokenFacts? { tokens.first { $0.path == path } }

    func certificate(at path: ObjectPath) -> CertificateObject? { certificates.first { $0.path == path } }
}
