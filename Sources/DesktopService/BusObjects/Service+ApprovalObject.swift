// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// `/org/eonay/EOnay1/approval/ID`: an approval, until some minutes after its end.
extension Service {
    static func approvalPath(_ number: Int64, _ handleToken: String?) -> ObjectPath {
        let numbered = Contract.approvalPath(number: UInt64(clamping: number))
        // A handle-token was found to be made of letters, digits and "_" when it came.
        return handleToken.flatMap { try? Contract.approvalPath(handleToken: $0) } ?? numbered
    }

    func export(_ approval: Approval) throws {
        let (number, request, startedAt) = (approval.number, approval.request, approval.startedAt)
        func text(_ read: @escaping @Sendable (Approval) -> String) -> PropertyGetter {
            { [self] value in enter(&value) { $1.string($0.approvals[number].map(read) ?? "") } }
        }
        let interface = Interface(ApprovalInterface.description)
            .method("Cancel") { [self] _, _ in
                assumeIsolated { service in
                    if let approval = service.approvals[number] { service.handle(.cancel, of: approval) }
                }
            }
            .method("Signatures") { [self] call, reply in
                try enter(&call, &reply) { service, _, reply in
                    reply.array { rows in
                        for signature in service.approvals[number]?.signatures ?? [] {
                            rows.structure {
                                $0.string(signature.step)
                                $0.bytes(signature.cms)
                            }
                        }
                    }
                }
            }
            .property("Certificate") { $0.string(request.certificate) }
            .property("Portal") { $0.string(request.portal.text) }
            .property("StartedAt") { $0.int64(startedAt) }
            .property("Decision", text { $0.status.decision?.rawValue ?? "" })
            .property("State", text { $0.status.state.rawValue })
            .property("Result", text { $0.end?.result ?? "" })
            .property("ErrorDetail", text { $0.end?.errorDetail ?? "" })
            .property("Reference", text { $0.end?.reference ?? "" })
            .property("ConfirmationNumber", text { $0.end?.confirmationNumber ?? "" })
            .property("Step") { [self] value in
                enter(&value) { service, value in
                    let status = service.approvals[number]?.status
                    value.structure {
                        $0.uint32(status?.step ?? 0)
                        $0.uint32(status?.steps ?? 0)
                    }
                }
            }
            .property("Deadline") { [self] value in
                enter(&value) { $1.int64($0.approvals[number]?.status.deadline ?? 0) }
            }
            .property("Error") { [self] value in
                enter(&value) { service, value in
                    let end = service.approvals[number]?.end
                    value.structure {
                        $0.string(end?.error ?? "")
                        $0.string(end?.message ?? "")
                    }
                }
            }
        try parts.bus.export(at: approval.path, [interface])
    }

    /// Tells what an event has changed.
    func tell(_ approval: Approval, since before: ApprovalStatus) {
        let now = approval.status
        // The end has told everything itself.
        guard now.outcome == before.outcome else { return }
        var names: [String] = []
        if now.state != before.state { names.append("State") }
        if now.step != before.step || now.steps != before.steps { names.append("Step") }
        if now.decision != before.decision { names.append("Decision") }
        if now.deadline != before.deadline { names.append("Deadline") }
        guard !names.isEmpty else { return }
        approvalChanged(approval, names)
        if now.outcome == nil { showProgress(approval) }
    }

    /// The end's properties go out before the signal, in the same turn.
    func tellEnd(of approval: Approval, _ end: StoredApproval.End) {
        approvalChanged(
            approval,
            [
                "State", "Step", "Decision", "Deadline", "Result", "Error", "ErrorDetail", "Reference",
                "ConfirmationNumber",
            ])
        certificateStatusChanged(approval)
        do {
            try parts.bus.emit(ApprovalInterface.completed, of: ApprovalInterface.name, from: approval.path) {
                $0.string(end.result)
                $0.string(end.error)
                $0.string(end.message)
            }
        } catch {
            parts.log.error("could not signal the end of an approval: \(error), continuing")
        }
    }

    private func approvalChanged(_ approval: Approval, _ names: [String]) {
        parts.bus.propertiesChanged(names, of: ApprovalInterface.name, at: approval.path)
    }
}

extension Approval {
    /// Whether it is about a decision, or only about signing a code for a sign-in.
    var isDecision: Bool {
        if case .approve = request.kind { return true }
        return status.decision != nil
    }
}
