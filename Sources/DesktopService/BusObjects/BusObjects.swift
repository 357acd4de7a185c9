// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// The objects on the bus: one for the service, and one for each card, certificate and approval.
///
/// Each object's properties are bound to its source once. A change is announced by the properties' names; their values are asked for when
/// the signal goes out, at the end of the turn.
final class BusObjects {
    let bus: Connection
    let sources: BusSources
    private let log: Log
    private(set) var calls: BusCalls?

    init(on bus: Connection, _ sources: BusSources, log: Log) {
        (self.bus, self.sources, self.log) = (bus, sources, log)
    }

    /// Puts the root on the bus. Throws what the bus says.
    func begin(_ calls: BusCalls) throws(BusError) {
        self.calls = calls
        try bus.export(at: Contract.root, [root, application], objectManager: true)
    }

    /// No request is taken any more; what is known can be read until the connection closes.
    func end() { calls = nil }

    /// Whether the root is on the bus.
    var hasBegun: Bool { calls != nil }

    static func path(ofToken number: UInt64) -> ObjectPath { Contract.tokenPath(number) }

    static func path(ofCertificate id: String) -> ObjectPath {
        // An id is 64 hex digits, which a path takes; what is none stands for itself nowhere.
        (try? Contract.certificatePath(id)) ?? Contract.root
    }

    // MARK: - Objects come and go

    func add(_ token: CardToken) { export(at: Self.path(ofToken: token.number), interface(of: token)) }

    /// A card is out: what its certificates show of it changes, too.
    func remove(_ token: CardToken, with certificates: [String]) {
        bus.unexport(Self.path(ofToken: token.number))
        let known = sources.certificates().map(\.known.id)
        changed(certificates: known.filter(certificates.contains), .present, .token)
    }

    /// A card was read: its certificates are known, and everything that it shows of itself but what is constant.
    func wasRead(_ token: CardToken) {
        for id in token.certificates {
            guard let certificate = sources.certificate(id), !add(certificate) else { continue }
            changed(certificates: [id], .present, .token, .hindrances, .phase, .kind)
        }
        changed(token, TokenInterface.Property.allCases)
    }

    private var exportedCertificates: Set<String> = []

    /// The record was read: all certificates that are known have an object. `hasChanged` where they may show something else than before.
    func addCertificates(hasChanged: Bool = false) {
        for entry in sources.certificates() {
            add(entry)
            guard hasChanged else { continue }
            changed(
                certificates: [entry.known.id], .approval, .snoozedUntil, .revocation, .revocationSince,
                .revocationReason, .revocationAsked)
        }
    }

    /// A certificate is known. Returns whether its object is new.
    @discardableResult
    private func add(_ certificate: CertificateRegistry.Entry) -> Bool {
        guard exportedCertificates.insert(certificate.known.id).inserted else { return false }
        export(at: Self.path(ofCertificate: certificate.known.id), interface(of: certificate.known))
        return true
    }

    func removeCertificates(_ ids: [String]) {
        for id in ids {
            exportedCertificates.remove(id)
            bus.unexport(Self.path(ofCertificate: id))
        }
    }

    func add(_ approval: ApprovalView) { export(at: approval.path, interface(of: approval)) }

    func remove(_ approval: ApprovalView) { bus.unexport(approval.path) }

    func export(at path: ObjectPath, _ interface: Interface) {
        do { try bus.export(at: path, [interface]) } catch {
            log.error("could not show an object: \(error), continuing")
        }
    }

    // MARK: - Changes

    func rootChanged(_ properties: ServiceInterface.Property...) {
        bus.propertiesChanged(properties, of: ServiceInterface.self, at: Contract.root)
    }

    func changed(_ token: CardToken, _ properties: [TokenInterface.Property]) {
        bus.propertiesChanged(properties, of: TokenInterface.self, at: Self.path(ofToken: token.number))
    }

    func changed(certificates ids: [String], _ properties: CertificateInterface.Property...) {
        for id in ids {
            bus.propertiesChanged(properties, of: CertificateInterface.self, at: Self.path(ofCertificate: id))
        }
    }

    func changed(_ approval: ApprovalView, since before: ApprovalStatus) {
        let now = approval.status
        var changed: [ApprovalInterface.Property] = []
        if now.state != before.state { changed.append(.state) }
        if now.step != before.step || now.steps != before.steps { changed.append(.step) }
        if now.decision != before.decision { changed.append(.decision) }
        if now.deadline != before.deadline { changed.append(.deadline) }
        bus.propertiesChanged(changed, of: ApprovalInterface.self, at: approval.path)
    }

    /// The end's properties go out before the signal, in the same turn.
    func ended(_ approval: ApprovalView, _ end: ApprovalEnd) {
        bus.propertiesChanged(
            [.state, .step, .decision, .deadline, .result, .error, .errorDetail, .reference, .confirmationNumber],
            of: ApprovalInterface.self, at: approval.path)
        emit("the end of an approval") {
            try bus.emit(.completed, of: ApprovalInterface.self, from: approval.path) {
                $0.string(end.outcome.result.rawValue)
                $0.string(end.error)
                $0.string(end.message)
            }
        }
    }

    func remind(_ reminder: Reminder, notAfter: Int64) {
        emit("a reminder") {
            try bus.emit(.expiryReminder, of: ServiceInterface.self, from: Contract.root) {
                $0.string(reminder.certificate)
                $0.int64(notAfter)
                $0.int32(Int32(clamping: reminder.daysLeft))
            }
        }
    }

    func emit(_ what: String, _ body: () throws -> Void) {
        do { try body() } catch { log.error("could not signal \(what): \(error), continuing") }
    }
}
