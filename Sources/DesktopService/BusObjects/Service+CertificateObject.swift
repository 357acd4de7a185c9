// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// `/org/eonay/EOnay1/certificate/HEX`: a certificate, whether its card is in or not.
extension Service {
    /// What may change about a certificate when its card is read again.
    static let certificateProperties = ["Present", "Token", "Hindrances", "Phase"]

    static func certificatePath(_ id: String) -> ObjectPath {
        // An id is 64 hex digits, which a path takes; what is none stands for itself nowhere.
        (try? Contract.certificatePath(id)) ?? Contract.root
    }

    /// A certificate seen for the first time.
    func announceCertificate(_ id: String) {
        do { try exportCertificate(id) } catch { parts.log.error("could not show a certificate: \(error), continuing") }
    }

    func exportCertificate(_ id: String) throws {
        guard let entry = registry[id] else { return }
        toldPhases[id] = reminders.phase(of: entry.validity, at: parts.alarm.now())
        let lasting = entry.known
        let interface = Interface(CertificateInterface.description)
            .property("Id") { $0.string(id) }
            .property("Holder") { $0.string(lasting.holder) }
            .property("MaskedIdentity") { $0.string(lasting.maskedIdentity) }
            .property("Issuer") { $0.string(lasting.issuer) }
            .property("SerialNumber") { $0.string(lasting.serialNumber) }
            .property("NotBefore") { $0.int64(lasting.notBefore) }
            .property("NotAfter") { $0.int64(lasting.notAfter) }
            .property("KeyType") { $0.string(lasting.keyType) }
            .property("Qualified") { $0.bool(lasting.qualified) }
            .property("Phase") { [self] value in enter(&value) { $1.string($0.phaseWord(id)) } }
            .property("Hindrances") { [self] value in enter(&value) { $1.strings($0.hindrances(id)) } }
            .property("Present") { [self] value in enter(&value) { $1.bool($0.token(of: id) != nil) } }
            .property("Token") { [self] value in enter(&value) { $1.objectPath($0.token(of: id)?.path ?? "/") } }
            .property("Approval") { [self] value in
                enter(&value) { $1.string($0.approvalWord(id, $0.registry.decision(for: id))) }
            }
            .property("SnoozedUntil") { [self] value in
                enter(&value) { $1.int64($0.registry[id]?.known.snoozedUntil ?? 0) }
            }
        try parts.bus.export(at: Self.certificatePath(id), [interface])
    }

    func certificateChanged(_ id: String, _ names: [String]) {
        parts.bus.propertiesChanged(names, of: CertificateInterface.name, at: Self.certificatePath(id))
    }

    private func phaseWord(_ id: String) -> String {
        guard let entry = registry[id] else { return Phase.valid.rawValue }
        return reminders.phase(of: entry.validity, at: parts.alarm.now()).rawValue
    }

    private func hindrances(_ id: String) -> [String] {
        registry[id]?.hindrances(at: parts.alarm.now()) ?? []
    }

    /// "none" | "pending" | "accepted" | "declined", of the person whom the certificate names.
    func approvalWord(_ id: String, _ decision: HistoryEntry?) -> String {
        if !approvals.isEmpty, let key = registry[id]?.known.identityKey {
            let isPending = approvals.values.contains { approval in
                !approval.status.isOver && approval.isDecision
                    && (approval.request.certificate == id || (!key.isEmpty && approval.identityKey == key))
            }
            if isPending { return "pending" }
        }
        return decision.flatMap { Decision(rawValue: $0.decision)?.recorded } ?? "none"
    }

    /// An approval began or ended: all certificates of its person show it.
    func certificateStatusChanged(_ approval: Approval) {
        for id in registry.order {
            guard let known = registry[id]?.known else { continue }
            let isSamePerson = !known.identityKey.isEmpty && known.identityKey == approval.identityKey
            if id == approval.request.certificate || isSamePerson { certificateChanged(id, ["Approval"]) }
        }
    }
}
