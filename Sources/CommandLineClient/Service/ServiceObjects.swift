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

/// A card in a reader.
struct TokenFacts: Equatable {
    let path: ObjectPath
    let reader, label, manufacturer, model, pinState, heldBy: String
    let atr: [UInt8]
    let hasKeypad: Bool
    let certificates: [ObjectPath]
    /// An error name of the contract without its prefix, or "".
    let error: String
    private let properties: [String: Value]

    /// The card after some of its properties have changed.
    func changed(by changes: [String: Value]) -> TokenFacts {
        TokenFacts(path, properties.merging(changes) { $1 })
    }

    init(_ path: ObjectPath, _ properties: [String: Value]) {
        self.properties = properties
        let text = { (name: String) in properties[name]?.string ?? "" }
        self.path = path
        (reader, label, manufacturer, model) = (text("Reader"), text("Label"), text("Manufacturer"), text("Model"))
        (pinState, heldBy) = (text("PinState"), text("HeldBy"))
        atr = properties["Atr"]?.bytes ?? []
        hasKeypad = properties["ProtectedAuthenticationPath"]?.bool ?? false
        certificates = properties["Certificates"]?.elements?.compactMap(\.objectPath) ?? []
        error = ErrorWord.short(properties["Error"]?.members?.first?.string ?? "")
    }
}

/// A certificate that the service knows.
struct CertificateObject: Equatable {
    let path: ObjectPath
    let id, holder, maskedIdentity, issuer, serialNumber, phase, keyType, approval: String
    let notBefore, notAfter, snoozedUntil: Int64
    let isQualified, isPresent: Bool
    let hindrances: [String]
    /// "/" where the card is not in.
    let token: ObjectPath

    init(_ path: ObjectPath, _ properties: [String: Value]) {
        let text = { (name: String) in properties[name]?.string ?? "" }
        let time = { (name: String) in properties[name]?.int64 ?? 0 }
        self.path = path
        (id, holder, maskedIdentity) = (text("Id"), text("Holder"), text("MaskedIdentity"))
        (issuer, serialNumber, phase) = (text("Issuer"), text("SerialNumber"), text("Phase"))
        (keyType, approval) = (text("KeyType"), text("Approval"))
        (notBefore, notAfter, snoozedUntil) = (time("NotBefore"), time("NotAfter"), time("SnoozedUntil"))
        isQualified = properties["Qualified"]?.bool ?? false
        isPresent = properties["Present"]?.bool ?? false
        hindrances = properties["Hindrances"]?.strings ?? []
        token = properties["Token"]?.objectPath ?? "/"
    }
}

/// One E-Onay, or one code signed, from the call to its end.
struct ApprovalObject: Equatable {
    let path: ObjectPath
    let certificate, decision, portal, state, result, errorName, message, reference, confirmationNumber: String
    let step, steps: UInt32
    let deadline: Int64

    init(_ path: ObjectPath, _ properties: [String: Value]) {
        let text = { (name: String) in properties[name]?.string ?? "" }
        self.path = path
        (certificate, decision, portal) = (text("Certificate"), text("Decision"), text("Portal"))
        (state, result, reference) = (text("State"), text("Result"), text("Reference"))
        confirmationNumber = text("ConfirmationNumber")
        let error = properties["Error"]?.members?.compactMap(\.string) ?? []
        (errorName, message) = error.count == 2 ? (error[0], error[1]) : ("", "")
        let numbers = properties["Step"]?.members?.compactMap(\.uint32) ?? []
        (step, steps) = numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
        deadline = properties["Deadline"]?.int64 ?? 0
    }
}

/// Error names in both their forms.
enum ErrorWord {
    static func short(_ name: String) -> String {
        name.hasPrefix(ErrorName.busPrefix) ? String(name.dropFirst(ErrorName.busPrefix.count)) : name
    }
}
