// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import Store

/// `/org/eonay/EOnay1`: what everybody calls.
extension Service {
    func exportRoot() throws {
        let version = parts.version
        let root = Interface(
            ServiceInterface.self,
            methods: { [self] method, call, reply in
                try enter(&call, &reply) { service, call, reply in
                    switch method {
                    case .approve: reply.objectPath(try service.approve(&call))
                    case .signCode: reply.objectPath(try service.signCode(&call))
                    case .renew: reply.objectPath(try service.renew(&call))
                    case .status: service.answer(&call, &reply) { $0.status(&$1) }
                    case .expiry: service.answer(&call, &reply) { $0.expiry(&$1) }
                    case .snooze: try service.snooze(&call)
                    case .history: try service.history(&call, &reply)
                    }
                }
            },
            properties: { [self] property, value in
                enter(&value) { service, value in
                    let configuration = service.parts.configuration
                    switch property {
                    case .version: value.string(version)
                    case .watcherState: value.string(service.cards.state.word)
                    case .ready: value.bool(service.cards.isReady)
                    case .watcherError: value.string(service.cards.watcherError?.rawValue ?? "")
                    case .readers: value.strings(service.cards.readers.map(\.shown))
                    case .portals: value.strings(configuration.portals.map(\.origin.text))
                    case .renewalDays: value.uint32(UInt32(clamping: configuration.renewalWindow.days))
                    case .configurationIssues: service.appendConfigurationIssues(to: &value)
                    case .recordState: value.string(service.journal.state.rawValue)
                    }
                }
            })
        try parts.bus.export(at: Contract.root, [root], objectManager: true)
    }

    private func appendConfigurationIssues(to value: inout MessageWriter) {
        value.array { rows in
            for issue in parts.configurationIssues.prefix(Self.mostIssues) {
                let text = parts.texts.sentence(for: issue.problem)
                rows.structure {
                    $0.string(Self.showable(issue.file))
                    $0.uint32(UInt32(clamping: issue.line))
                    $0.string(Self.showable(text))
                }
            }
        }
    }

    /// A file of anything may be wrong in every line.
    private static let mostIssues = 100
    private static let longestIssue = 500

    /// What a file holds may be a NUL, which no message can carry, or whatever else a terminal would obey.
    private static func showable(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(longestIssue).map {
            $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0
        }
        return String(String.UnicodeScalarView(scalars))
    }

    func rootChanged(_ properties: [ServiceInterface.Property]) {
        guard !properties.isEmpty else { return }
        parts.bus.propertiesChanged(properties, of: ServiceInterface.self, at: Contract.root)
    }

    func emitReminder(_ reminder: Reminder, notAfter: Int64) {
        do {
            try parts.bus.emit(.expiryReminder, of: ServiceInterface.self, from: Contract.root) {
                $0.string(reminder.certificate)
                $0.int64(notAfter)
                $0.int32(Int32(clamping: reminder.daysLeft))
            }
        } catch {
            parts.log.error("could not signal a reminder: \(error), continuing")
        }
    }

    // MARK: - Methods

    private func approve(_ call: inout MethodCall) throws -> ObjectPath {
        try answering {
            let certificate = try call.arguments.string()
            let word = try call.arguments.string()
            let options = try ApprovalOptions(&call.arguments)
            guard let decision = Decision(rawValue: word) else { throw ServiceError(.invalidDecision) }
            let fingerprint = ApprovalFingerprint.of(.approve, certificate: certificate, what: word, options: options)
            return try begin(
                .approve(decision), certificate: certificate, options: options, fingerprint: fingerprint,
                caller: call.sender)
        }
    }

    private func signCode(_ call: inout MethodCall) throws -> ObjectPath {
        try answering {
            let certificate = try call.arguments.string()
            let text = try call.arguments.string()
            let options = try ApprovalOptions(&call.arguments)
            guard let code = try? VerificationCode(text) else { throw ServiceError(.invalidCode) }
            let fingerprint = ApprovalFingerprint.of(
                .signCode, certificate: certificate, what: code.digits, options: options)
            return try begin(
                .signCode(code), certificate: certificate, options: options, fingerprint: fingerprint,
                caller: call.sender)
        }
    }

    private func renew(_ call: inout MethodCall) throws -> ObjectPath {
        try answering {
            let certificate = try call.arguments.string()
            let options = try ApprovalOptions(&call.arguments)
            let fingerprint = ApprovalFingerprint.of(.renew, certificate: certificate, what: "", options: options)
            return try begin(
                .renew, certificate: certificate, options: options, fingerprint: fingerprint, caller: call.sender)
        }
    }

    private func status(_ reply: inout MessageWriter) {
        cards.lookAgainIfDenied()
        reply.array { rows in
            for entry in registry.listed {
                let decision = registry.decision(for: entry)
                rows.structure {
                    $0.string(entry.known.id)
                    $0.string(entry.known.holder)
                    $0.string(approvalWord(entry.known.id, decision))
                    $0.int64(decision?.at ?? 0)
                    $0.string(decision?.portal ?? "")
                }
            }
        }
    }

    private func expiry(_ reply: inout MessageWriter) {
        cards.lookAgainIfDenied()
        let now = parts.alarm.now()
        reply.array { rows in
            for entry in registry.listed {
                rows.structure {
                    $0.string(entry.known.id)
                    $0.string(entry.known.holder)
                    $0.int64(entry.known.notAfter)
                    $0.int32(Int32(clamping: entry.validity.daysLeft(at: now)))
                    $0.string(reminders.phase(of: entry.validity, at: now).rawValue)
                }
            }
        }
    }

    /// It is answered when it is on disk: a snooze that a restart would forget is none.
    private func snooze(_ call: inout MethodCall) throws {
        let (id, until) = try answering {
            let reference = try call.arguments.string()
            let until = try call.arguments.int64()
            guard until >= 0 else { throw ServiceError(.invalidArgument, detail: "until") }
            do {
                return (try registry.resolve(reference, at: parts.alarm.now(), isPresent: isPresent), until)
            } catch let error as ErrorName {
                throw ServiceError(error)
            }
        }
        let answer = call.answerLater()
        snooze(id, until: until) { service, refusal in
            answer.send { _ in if let refusal { throw refusal.busError(service.parts.texts) } }
        }
    }

    private func history(_ call: inout MethodCall, _ reply: inout MessageWriter) throws {
        let limit = try call.arguments.uint32()
        let count = limit == 0 ? Store.maximumHistory : Int(limit)
        answer(&call, &reply) { service, reply in
            reply.array { rows in
                for entry in service.history.prefix(count) {
                    rows.structure {
                        $0.int64(entry.at)
                        for text in [entry.certificate, entry.decision, entry.result, entry.portal, entry.reference] {
                            $0.string(text)
                        }
                    }
                }
            }
        }
    }

    /// Answers from memory; where another service keeps the record, from the disk, which that one writes.
    private func answer(
        _ call: inout MethodCall, _ reply: inout MessageWriter,
        _ body: @escaping @Sendable (isolated Service, inout MessageWriter) -> Void
    ) {
        guard journal.isAnothers else {
            journal.lookAgain()
            return body(self, &reply)
        }
        let answer = call.answerLater()
        task {
            await self.journal.reopen()
            answer.send { body(self, &$0) }
        }
    }

    /// Turns what memory refuses into the contract's errors.
    private func answering<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as ServiceError { throw error.busError(parts.texts) }
    }
}
