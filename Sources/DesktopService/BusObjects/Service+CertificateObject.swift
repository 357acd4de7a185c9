// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// `/org/eonay/EOnay1/certificate/HEX`: a certificate, whether its card is in or not.
extension Service {
    /// What may change about a certificate when its card is read again.
    static let certificateProperties: [CertificateInterface.Property] = [.present, .token, .hindrances, .phase]

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
        let interface = Interface(CertificateInterface.self) { [self] property, value in
            enter(&value) { service, value in
                switch property {
                case .id: value.string(id)
                case .holder: value.string(lasting.holder)
                case .maskedIdentity: value.string(lasting.maskedIdentity)
                case .issuer: value.string(lasting.issuer)
                case .serialNumber: value.string(lasting.serialNumber)
                case .notBefore: value.int64(lasting.notBefore)
                case .notAfter: value.int64(lasting.notAfter)
                case .keyType: value.string(lasting.keyType)
                case .qualified: value.bool(lasting.qualified)
                case .phase: value.string(service.phaseWord(id))
                case .hindrances: value.strings(service.hindrances(id))
                case .present: value.bool(service.cards.token(holding: id) != nil)
                case .token: value.objectPath(service.cards.token(holding: id).map { Self.tokenPath($0.number) } ?? "/")
                case .approval: value.string(service.approvalWord(id, service.registry.decision(for: id)))
                case .snoozedUntil: value.int64(service.registry[id]?.known.snoozedUntil ?? 0)
                }
            }
        }
        try parts.bus.export(at: Self.certificatePath(id), [interface])
    }

    func certificateChanged(_ id: String, _ properties: [CertificateInterface.Property]) {
        parts.bus.propertiesChanged(properties, of: CertificateInterface.self, at: Self.certificatePath(id))
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
            if id == approval.request.certificate || isSamePerson { certificateChanged(id, [.approval]) }
        }
    }
}
