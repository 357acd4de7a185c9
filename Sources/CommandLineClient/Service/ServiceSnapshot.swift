// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Texts

/// The service's objects at one moment, as GetManagedObjects gives them.
struct ServiceSnapshot: Equatable {
    private(set) var tokens: [ServiceToken] = []
    private(set) var certificates: [ServiceCertificate] = []
    private(set) var approvals: [ServiceApproval] = []

    /// From `a{oa{sa{sv}}}`; nil for anything else. Objects of interfaces that are unknown here are passed over.
    init?(_ value: Value) {
        guard let objects = value.entries else { return nil }
        for object in objects {
            guard let path = object.key.objectPath else { return nil }
            add(path, object.value)
        }
        tokens.sort { $0.reader < $1.reader }
        certificates.sort { ($0.notAfter, $0.id) < ($1.notAfter, $1.id) }
        approvals.sort { $0.path < $1.path }
    }

    /// One object, from its path and `a{sa{sv}}`.
    init(_ path: ObjectPath, _ interfaces: Value) { add(path, interfaces) }

    private mutating func add(_ path: ObjectPath, _ interfaces: Value) {
        for interface in interfaces.entries ?? [] {
            let properties = interface.value
            switch interface.key.string {
            case TokenInterface.name: tokens.append(ServiceToken(path, PropertyValues(properties)))
            case CertificateInterface.name: certificates.append(ServiceCertificate(path, PropertyValues(properties)))
            case ApprovalInterface.name: approvals.append(ServiceApproval(path, PropertyValues(properties)))
            default: break
            }
        }
    }

    /// The certificates that a person means by `reference`: an id or its beginning; "" means all.
    func certificates(called reference: String) throws -> [ServiceCertificate] {
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
        guard CertificateReference.isPrefix(reference.lowercased()) else {
            throw Failure(.badCertificateID, subject: reference)
        }
    }

    func token(at path: ObjectPath) -> ServiceToken? { tokens.first { $0.path == path } }

    func certificate(at path: ObjectPath) -> ServiceCertificate? { certificates.first { $0.path == path } }
}

/// A card in a reader.
struct ServiceToken: Equatable {
    let path: ObjectPath
    let reader, label, manufacturer, model, pinState, heldBy, driver, driverPage: String
    /// As the service names it; an earlier service names none.
    let familyWord: String
    let atr: [UInt8]
    let hasKeypad: Bool
    /// More facts about its PIN; an earlier service tells none.
    let pin: PINFacts
    let certificates: [ObjectPath]
    /// The error of its reading; empty where there was none.
    let error: ServiceFault
    /// Modules that could not be loaded: the file, and the loader's reason.
    let moduleProblems: [ModuleProblem]
    private let properties: PropertyValues<TokenInterface>

    struct ModuleProblem: Equatable {
        let file, reason: String
    }

    /// Its family; nil where it is none that this program knows.
    var family: CardFamily? { CardFamily(rawValue: familyWord) }

    /// Whether its certificates were read without the driver that it needs for a signature.
    var isReadWithoutDriver: Bool { error.isEmpty && !driver.isEmpty }

    /// Its name in a list.
    var kind: String {
        [model, manufacturer, family?.name ?? ""].first { !$0.isEmpty } ?? ""
    }

    /// The card after some of its properties have changed.
    func changed(by changes: PropertyValues<TokenInterface>) -> ServiceToken {
        var properties = properties
        properties.merge(changes)
        return ServiceToken(path, properties)
    }

    init(_ path: ObjectPath, _ properties: PropertyValues<TokenInterface>) {
        self.properties = properties
        let text = { (property: TokenInterface.Property) in properties[property]?.string ?? "" }
        self.path = path
        (reader, label, manufacturer, model) = (text(.reader), text(.label), text(.manufacturer), text(.model))
        (pinState, heldBy) = (text(.pinState), text(.heldBy))
        (familyWord, driver, driverPage) = (text(.family), text(.driver), text(.driverPage))
        atr = properties[.atr]?.bytes ?? []
        hasKeypad = properties[.protectedAuthenticationPath]?.bool ?? false
        pin = PINFacts(
            shortest: properties[.pinMinLength]?.uint32 ?? 0, longest: properties[.pinMaxLength]?.uint32 ?? 0,
            mustChange: properties[.pinChangeRequired]?.bool ?? false,
            pukState: PINState(rawValue: text(.pukState)) ?? .unknown)
        certificates = properties[.certificates]?.elements?.compactMap(\.objectPath) ?? []
        moduleProblems = (properties[.moduleProblems]?.elements ?? []).map { problem in
            let texts = problem.members?.map { $0.string ?? "" } ?? []
            return ModuleProblem(file: texts.first ?? "", reason: texts.last ?? "")
        }
        error = ServiceFault(properties[.error], detail: properties[.errorDetail])
    }
}

/// A certificate that the service knows.
struct ServiceCertificate: Equatable {
    let path: ObjectPath
    let id, holder, maskedIdentity, issuer, serialNumber, phase, keyType, approval, kind, successor: String
    let notBefore, notAfter, snoozedUntil: Int64
    let revocation: ServiceRevocation
    let isQualified, isPresent: Bool
    let hindrances: [ReportedError]
    /// "/" where the card is not in.
    let token: ObjectPath

    init(_ path: ObjectPath, _ properties: PropertyValues<CertificateInterface>) {
        let text = { (property: CertificateInterface.Property) in properties[property]?.string ?? "" }
        let time = { (property: CertificateInterface.Property) in properties[property]?.int64 ?? 0 }
        self.path = path
        (id, holder, maskedIdentity) = (text(.id), text(.holder), text(.maskedIdentity))
        (issuer, serialNumber, phase) = (text(.issuer), text(.serialNumber), text(.phase))
        (keyType, approval, successor) = (text(.keyType), text(.approval), text(.successor))
        (notBefore, notAfter, snoozedUntil) = (time(.notBefore), time(.notAfter), time(.snoozedUntil))
        revocation = ServiceRevocation(properties)
        isQualified = properties[.qualified]?.bool ?? false
        // A service from before it had the property.
        kind = properties[.kind]?.string ?? (isQualified ? CertificateKind.nes : .other).rawValue
        isPresent = properties[.present]?.bool ?? false
        hindrances = (properties[.hindrances]?.strings ?? []).compactMap { ReportedError($0) }
        token = properties[.token]?.objectPath ?? "/"
    }
}

/// One E-Onay, or one code signed, from the call to its end.
struct ServiceApproval: Equatable {
    let path: ObjectPath
    let certificate, decision, portal, state, result, reference, confirmationNumber: String
    let error: ServiceFault
    let step, steps: UInt32
    let deadline: Int64

    init(_ path: ObjectPath, _ properties: PropertyValues<ApprovalInterface>) {
        let text = { (property: ApprovalInterface.Property) in properties[property]?.string ?? "" }
        self.path = path
        (certificate, decision, portal) = (text(.certificate), text(.decision), text(.portal))
        (state, result, reference) = (text(.state), text(.result), text(.reference))
        confirmationNumber = text(.confirmationNumber)
        error = ServiceFault(properties[.error], detail: properties[.errorDetail])
        let numbers = properties[.step]?.members?.compactMap(\.uint32) ?? []
        (step, steps) = numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
        deadline = properties[.deadline]?.int64 ?? 0
    }
}

/// The state of the service's watcher of cards.
struct WatcherStatus: Equatable {
    let version, state: String
    private let error: String?
    let readers, portals: [String]

    init(_ properties: PropertyValues<ServiceInterface>) {
        version = properties[.version]?.string ?? ""
        state = properties[.watcherState]?.string ?? ""
        error = properties[.watcherError]?.string
        readers = properties[.readers]?.strings ?? []
        portals = properties[.portals]?.strings ?? []
    }

    /// The error of the contract that keeps any card from being seen.
    var trouble: ErrorName? {
        if let error { return ErrorName(rawValue: error) }
        // A service from before it had the property.
        return switch state {
        case "no-service": .noCardService
        case "no-reader": .noReader
        case "denied": .accessDenied
        default: nil
        }
    }
}

/// An error as the service reports it: a name and a detail for programs, and a sentence for a program that does not know the name.
struct ServiceFault: Equatable {
    /// nil where nothing went wrong.
    let error: ReportedError?
    /// For a person, in the language of the service.
    let sentence: String
    /// A narrower word; may be empty.
    let detail: String

    init(_ error: ReportedError?, sentence: String = "", detail: String = "") {
        self.error = error
        self.sentence = sentence
        self.detail = detail
    }

    /// From an object's properties `Error` and `ErrorDetail`; an earlier service does not have the latter.
    init(_ error: Value?, detail: Value?) {
        let members = error?.members?.compactMap(\.string) ?? []
        self.init(
            ReportedError(members.first ?? ""), sentence: members.count == 2 ? members[1] : "",
            detail: detail?.string ?? "")
    }

    var isEmpty: Bool { error == nil }

    /// Without the contract's prefix; "" where nothing went wrong.
    var name: String { error?.name ?? "" }

    /// Fact and remedy in the language of this program; of an error that it does not know, the service's sentence.
    ///
    /// - Parameters:
    ///   - ofCard: It is about one card, and not about all that were looked at.
    ///   - family: that card's.
    func explained(_ texts: Texts, ofCard: Bool = false, family: CardFamily? = nil) -> ErrorText {
        if case .known(let error) = error {
            return ofCard ? texts.cardError(error, of: family) : texts.error(error, detail: detail)
        }
        let unknown = texts.text("The service answered with an error that this program does not know.")
        return ErrorText(what: sentence.isEmpty ? unknown : sentence, remedy: "")
    }

    /// Why a command could not do its work.
    var failure: Failure {
        guard case .known(let error) = error else {
            return Failure(.unknownError, detail: name, sentence: sentence)
        }
        return Failure(error, detail: detail)
    }
}
