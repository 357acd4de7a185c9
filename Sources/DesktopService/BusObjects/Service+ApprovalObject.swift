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
        let interface = Interface(
            ApprovalInterface.self,
            methods: { [self] method, call, reply in
                try enter(&call, &reply) { service, _, reply in
                    let approval = service.approvals[number]
                    switch method {
                    case .cancel: if let approval { service.handle(.cancel, of: approval) }
                    case .signatures:
                        reply.array { rows in
                            for signature in approval?.signatures ?? [] {
                                rows.structure {
                                    $0.string(signature.step)
                                    $0.bytes(signature.cms)
                                }
                            }
                        }
                    }
                }
            },
            properties: { [self] property, value in
                enter(&value) { service, value in
                    let approval = service.approvals[number]
                    let (status, end) = (approval?.status, approval?.end)
                    switch property {
                    case .certificate: value.string(request.certificate)
                    case .portal: value.string(request.portal.text)
                    case .startedAt: value.int64(startedAt)
                    case .decision: value.string(status?.decision?.rawValue ?? "")
                    case .state: value.string(status?.state.rawValue ?? "")
                    case .step:
                        value.structure {
                            $0.uint32(status?.step ?? 0)
                            $0.uint32(status?.steps ?? 0)
                        }
                    case .deadline: value.int64(status?.deadline ?? 0)
                    case .result: value.string(end?.result ?? "")
                    case .error:
                        value.structure {
                            $0.string(end?.error ?? "")
                            $0.string(end?.message ?? "")
                        }
                    case .errorDetail: value.string(end?.errorDetail ?? "")
                    case .reference: value.string(end?.reference ?? "")
                    case .confirmationNumber: value.string(end?.confirmationNumber ?? "")
                    }
                }
            })
        try parts.bus.export(at: approval.path, [interface])
    }

    /// Tells what an event has changed.
    func tell(_ approval: Approval, since before: ApprovalStatus) {
        let now = approval.status
        // The end has told everything itself.
        guard now.outcome == before.outcome else { return }
        var changed: [ApprovalInterface.Property] = []
        if now.state != before.state { changed.append(.state) }
        if now.step != before.step || now.steps != before.steps { changed.append(.step) }
        if now.decision != before.decision { changed.append(.decision) }
        if now.deadline != before.deadline { changed.append(.deadline) }
        guard !changed.isEmpty else { return }
        approvalChanged(approval, changed)
        if now.outcome == nil { showProgress(approval) }
    }

    /// The end's properties go out before the signal, in the same turn.
    func tellEnd(of approval: Approval, _ end: StoredApproval.End) {
        approvalChanged(
            approval,
            [
                .state, .step, .decision, .deadline, .result, .error, .errorDetail, .reference, .confirmationNumber,
            ])
        certificateStatusChanged(approval)
        do {
            try parts.bus.emit(.completed, of: ApprovalInterface.self, from: approval.path) {
                $0.string(end.result)
                $0.string(end.error)
                $0.string(end.message)
            }
        } catch {
            parts.log.error("could not signal the end of an approval: \(error), continuing")
        }
    }

    private func approvalChanged(_ approval: Approval, _ properties: [ApprovalInterface.Property]) {
        parts.bus.propertiesChanged(properties, of: ApprovalInterface.self, at: approval.path)
    }
}

extension Approval {
    /// Whether it is about a decision, or only about signing a code for a sign-in.
    var isDecision: Bool {
        if case .approve = request.kind { return true }
        return status.decision != nil
    }
}
