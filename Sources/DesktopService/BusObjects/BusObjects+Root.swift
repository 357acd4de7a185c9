// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import Texts

/// `/org/eonay/EOnay1`: what everybody calls.
extension BusObjects {
    var root: Interface {
        let me = LoopBound(self, on: bus.loop)
        return Interface(
            ServiceInterface.self,
            methods: { method, call, reply in try me.value.answer(method, &call, &reply) },
            properties: { property, value in me.value.write(property, to: &value) })
    }

    private func write(_ property: ServiceInterface.Property, to value: inout MessageWriter) {
        let configuration = sources.settings().configuration
        switch property {
        case .version: value.string(sources.version)
        case .watcherState: value.string(sources.watcher().state.word)
        case .ready: value.bool(sources.watcher().isReady)
        case .watcherError: value.string(sources.watcher().error?.rawValue ?? "")
        case .readers: value.strings(sources.watcher().readers.map(\.shown))
        case .portals: value.strings(configuration.portals.map(\.origin.text))
        case .renewalDays: value.uint32(UInt32(clamping: configuration.renewalWindow.days))
        case .configurationIssues: writeIssues(to: &value)
        case .recordState: value.string(sources.recordState().rawValue)
        }
    }

    private func writeIssues(to value: inout MessageWriter) {
        let (_, issues, texts) = sources.settings()
        value.array { rows in
            for issue in issues.prefix(Self.mostIssues) {
                rows.structure {
                    $0.string(Self.showable(issue.file))
                    $0.uint32(UInt32(clamping: issue.line))
                    $0.string(Self.showable(texts.sentence(for: issue.problem)))
                }
            }
        }
    }

    /// A file of anything may be wrong in every line.
    private static let mostIssues = 100
    private static let longestIssue = 500

    /// A file may hold a NUL, which no message can carry, or anything else that a terminal would obey.
    private static func showable(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(longestIssue).map {
            $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0
        }
        return String(String.UnicodeScalarView(scalars))
    }

    // MARK: - Methods

    private func answer(
        _ method: ServiceInterface.Method, _ call: inout MethodCall, _ reply: inout MessageWriter
    ) throws {
        do {
            switch method {
            case .approve, .signCode, .renew: reply.objectPath(try requests.begin(try approvalCall(method, &call)))
            case .status, .expiry, .listCertificates:
                calls?.looks()
                answer(&call, &reply) {
                    switch method {
                    case .status: $0.writeStatus(to: &$1)
                    case .expiry: $0.writeExpiry(to: &$1)
                    default: $0.listCertificates(to: &$1)
                    }
                }
            case .history:
                let limit = try call.arguments.uint32()
                answer(&call, &reply) { $0.writeHistory(limit, to: &$1) }
            case .listHistory:
                let options = try HistoryOptions(&call.arguments)
                answer(&call, &reply) { $0.listHistory(options, to: &$1) }
            case .snooze: try snooze(&call, requests)
            case .changePIN: reply.objectPath(try requests.setPIN(try pinCall(.change, &call)))
            case .unblockPIN: reply.objectPath(try requests.setPIN(try pinCall(.unblock, &call)))
            case .listApprovals: try listApprovals(&call, requests)
            case .forget: try forget(&call, requests)
            }
        } catch let error as ServiceError {
            // A refusal from memory becomes one of the contract's errors.
            throw error.busError(sources.settings().texts)
        }
    }

    /// A service that ends takes none, and has cancelled its approvals.
    var requests: BusCalls {
        get throws(ServiceError) {
            guard let calls else { throw ServiceError(.cancelled) }
            return calls
        }
    }

    private func approvalCall(
        _ method: ServiceInterface.Method, _ call: inout MethodCall
    ) throws -> ApprovalCall {
        let certificate = try call.arguments.string()
        let word = method == .renew ? "" : try call.arguments.string()
        let options = try ApprovalOptions(&call.arguments)
        let kind: ApprovalRequest.Kind
        switch method {
        case .approve:
            guard let decision = Decision(rawValue: word) else { throw ServiceError(.invalidDecision) }
            kind = .approve(decision)
        case .signCode:
            guard let code = try? VerificationCode(word) else { throw ServiceError(.invalidCode) }
            kind = .signCode(code)
        default: kind = .renew
        }
        let what = if case .signCode(let code) = kind { code.digits } else { word }
        return ApprovalCall(
            kind: kind, certificate: certificate, options: options,
            fingerprint: ApprovalFingerprint.of(method, certificate: certificate, what: what, options: options),
            caller: call.sender)
    }

    /// It is answered when it is on disk: a snooze that a restart would forget is none.
    private func snooze(_ call: inout MethodCall, _ calls: BusCalls) throws {
        let (certificate, until) = (try call.arguments.string(), try call.arguments.int64())
        guard until >= 0 else { throw ServiceError(.invalidArgument, detail: "until") }
        let answer = call.answerLater()
        do {
            try calls.snooze(certificate, until) { [sources] refusal in
                answer.send { _ in if let refusal { throw refusal.busError(sources.settings().texts) } }
            }
        } catch let error as ServiceError {
            answer.send { _ in throw error.busError(self.sources.settings().texts) }
        }
    }

    /// Answers from memory; where another service keeps the record, from the disk, which that one writes.
    private func answer(
        _ call: inout MethodCall, _ reply: inout MessageWriter,
        _ body: @escaping (BusObjects, inout MessageWriter) -> Void
    ) {
        guard let refresh = calls?.refresh() else { return body(self, &reply) }
        let answer = call.answerLater()
        refresh { answer.send { body(self, &$0) } }
    }
}
