// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract

/// The state of the service as `watch` knows it; turns signals into events. Lives in the command's task.
final class WatchModel {
    private var tokens: [ObjectPath: ServiceToken] = [:]
    private var certificates: [ObjectPath: (id: String, holder: String)] = [:]
    private var approvals: [ObjectPath: String] = [:]

    /// The service was found, or found again: how things stand.
    func start(_ watcher: WatcherStatus, _ objects: ServiceSnapshot) -> [WatchEvent] {
        (tokens, certificates, approvals) = ([:], [:], [:])
        return [.service(version: watcher.version, watcher: watcher.state)]
            + added(objects, objects.approvals.filter(\.result.isEmpty))
    }

    func events(of signal: Signal) -> [WatchEvent] {
        let arguments = signal.arguments
        if let signal = signal.of(ObjectManagerInterface.self) {
            return switch signal {
            case .interfacesAdded: added(arguments)
            case .interfacesRemoved: removed(arguments.first?.objectPath)
            }
        }
        if signal.of(PropertiesInterface.self) == .propertiesChanged, arguments.count >= 2 {
            return changed(signal.path, arguments[0].string ?? "", arguments[1])
        }
        if signal.of(ServiceInterface.self) == .expiryReminder, arguments.count == 3 { return reminded(arguments) }
        if signal.of(ApprovalInterface.self) == .completed {
            return completed(signal.path, arguments.compactMap(\.string))
        }
        if signal.of(PINOperationInterface.self) == .completed {
            return pinCompleted(signal.path, arguments.compactMap(\.string))
        }
        return []
    }

    // MARK: - Objects

    private func added(_ arguments: [Value]) -> [WatchEvent] {
        guard arguments.count == 2, let path = arguments[0].objectPath else { return [] }
        let objects = ServiceSnapshot(path, arguments[1])
        return added(objects, objects.approvals)
    }

    private func added(_ objects: ServiceSnapshot, _ approvals: [ServiceApproval]) -> [WatchEvent] {
        for certificate in objects.certificates {
            certificates[certificate.path] = (certificate.id, certificate.holder)
        }
        return objects.tokens.flatMap { added($0) } + approvals.flatMap { added($0) }
    }

    private func added(_ token: ServiceToken) -> [WatchEvent] {
        // Reported already where the signal was on its way while all objects were asked for.
        guard tokens[token.path] == nil else { return [] }
        tokens[token.path] = token
        var events: [WatchEvent] = [.cardIn(reader: token.reader)]
        if !token.certificates.isEmpty { events.append(read(token.reader, token.certificates)) }
        if !token.error.isEmpty {
            events.append(.cardTrouble(reader: token.reader, error: token.error, heldBy: token.heldBy))
        }
        return events
    }

    private func added(_ approval: ServiceApproval) -> [WatchEvent] {
        guard approvals.updateValue(approval.certificate, forKey: approval.path) == nil else { return [] }
        return [.approval(path: approval.path.text, certificate: approval.certificate, state: approval.state)]
    }

    private func read(_ reader: String, _ paths: [ObjectPath]) -> WatchEvent {
        let known = paths.compactMap { certificates[$0] }
        return .cardRead(reader: reader, ids: known.map(\.id), holders: known.map(\.holder))
    }

    private func removed(_ path: ObjectPath?) -> [WatchEvent] {
        guard let path else { return [] }
        approvals[path] = nil
        certificates[path] = nil
        return tokens.removeValue(forKey: path).map { [.cardOut(reader: $0.reader)] } ?? []
    }

    // MARK: - Changes

    private func changed(_ path: ObjectPath, _ interface: String, _ properties: Value) -> [WatchEvent] {
        switch interface {
        case ServiceInterface.name:
            let properties = PropertyValues<ServiceInterface>(properties)
            let state = properties[.watcherState]?.string.map { [WatchEvent.watcher($0)] } ?? []
            return state + (properties[.readers].map { [.readers($0.strings)] } ?? [])
        case TokenInterface.name: return tokenChanged(path, PropertyValues(properties))
        case CertificateInterface.name:
            return certificates[path].map { certificateChanged($0, PropertyValues(properties)) } ?? []
        case ApprovalInterface.name:
            let properties = PropertyValues<ApprovalInterface>(properties)
            // Completed reports its end.
            guard let state = properties[.state]?.string, properties[.result] == nil, let certificate = approvals[path]
            else { return [] }
            return [.approval(path: path.text, certificate: certificate, state: state)]
        default: return []
        }
    }

    private func tokenChanged(_ path: ObjectPath, _ properties: PropertyValues<TokenInterface>) -> [WatchEvent] {
        guard let before = tokens[path] else { return [] }
        let now = before.changed(by: properties)
        tokens[path] = now
        var events: [WatchEvent] = []
        if now.certificates != before.certificates { events.append(read(now.reader, now.certificates)) }
        if !now.error.isEmpty, (now.error.name, now.heldBy) != (before.error.name, before.heldBy) {
            events.append(.cardTrouble(reader: now.reader, error: now.error, heldBy: now.heldBy))
        }
        if now.pinState != before.pinState, !["ok", "unknown"].contains(now.pinState) {
            events.append(.pinState(reader: now.reader, state: now.pinState))
        }
        return events
    }

    private func certificateChanged(
        _ certificate: (id: String, holder: String), _ properties: PropertyValues<CertificateInterface>
    ) -> [WatchEvent] {
        var events: [WatchEvent] = []
        // A card that is read again sends its phase among all the rest: that is no change of phase.
        if let phase = properties[.phase]?.string, properties[.present] == nil {
            events.append(.phase(id: certificate.id, holder: certificate.holder, phase: phase))
        }
        if properties[.revocation] != nil {
            let revocation = ServiceRevocation(properties)
            events.append(.revocation(id: certificate.id, holder: certificate.holder, revocation))
        }
        if let until = properties[.snoozedUntil]?.int64 {
            events.append(.snooze(id: certificate.id, holder: certificate.holder, until: until))
        }
        return events
    }

    private func reminded(_ arguments: [Value]) -> [WatchEvent] {
        guard let id = arguments[0].string, let notAfter = arguments[1].int64, let days = arguments[2].int32 else {
            return []
        }
        let holder = certificates.values.first { $0.id == id }?.holder ?? ""
        return [.reminder(id: id, holder: holder, notAfter: notAfter, daysLeft: days)]
    }

    private func completed(_ path: ObjectPath, _ texts: [String]) -> [WatchEvent] {
        guard texts.count == 3 else { return [] }
        approvals[path] = nil
        return [
            .approvalEnd(
                path: path.text, result: texts[0], error: ServiceFault(ReportedError(texts[1]), sentence: texts[2]))
        ]
    }

    private func pinCompleted(_ path: ObjectPath, _ texts: [String]) -> [WatchEvent] {
        guard texts.count == 3 else { return [] }
        return [
            .pinEnd(
                path: path.text, result: texts[0], error: ServiceFault(ReportedError(texts[1]), sentence: texts[2]))
        ]
    }
}
