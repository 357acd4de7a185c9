// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// All that is stored, for the person whom it is about: to have it, and to have it deleted.
extension BusObjects {
    /// The most rows of `ListApprovals`: a signature may have 20 KiB.
    static let mostApprovals = 100

    /// It is answered when it has left the disk.
    func forget(_ call: inout MethodCall, _ calls: BusCalls) throws {
        let certificate = try call.arguments.string()
        let options = try ForgetOptions(&call.arguments)
        answerLater(&call) { answer in
            try calls.forget(certificate, options) { result in answer { try Self.write(result.get(), to: &$0) } }
        }
    }

    func listApprovals(_ call: inout MethodCall, _ calls: BusCalls) throws {
        var (after, limit) = (Int64(0), Self.mostApprovals)
        try call.arguments.options { (option: ApprovalsOption, value) in
            switch option {
            case .after: after = try value.int64()
            case .limit:
                let wish = try value.uint32()
                limit = wish == 0 ? limit : min(Int(wish), limit)
            }
        }
        answerLater(&call) { answer in
            calls.approvals(after, limit) { result in
                answer { reply in
                    let records = try result.get()
                    reply.array { rows in for record in records { Self.write(record, to: &rows) } }
                }
            }
        }
    }

    /// Hands `work` the way to answer, whose errors become the contract's.
    private func answerLater(
        _ call: inout MethodCall,
        _ work: (_ answer: @escaping ((inout MessageWriter) throws -> Void) -> Void) throws -> Void
    ) {
        let (answer, sources) = (call.answerLater(), sources)
        func send(_ body: (inout MessageWriter) throws -> Void) {
            answer.send { reply in
                do { try body(&reply) } catch let error as ServiceError {
                    throw error.busError(sources.settings().texts)
                }
            }
        }
        do { try work(send) } catch { send { _ in throw error } }
    }

    private static func write(_ answer: ForgetAnswer, to reply: inout MessageWriter) {
        reply.array { row in
            for key in ForgottenKey.allCases {
                row.entry(key.rawValue, key.type) { value in
                    switch key {
                    case .certificates: value.strings(answer.forgotten.certificates)
                    case .present: value.strings(answer.present)
                    case .approvals: value.uint32(UInt32(clamping: answer.forgotten.approvals.count))
                    case .kept: value.uint32(UInt32(clamping: answer.forgotten.kept))
                    case .erased: value.bool(answer.forgotten.isErased)
                    }
                }
            }
        }
    }

    private static func write(_ record: ApprovalRecord, to rows: inout MessageWriter) {
        let (approval, end) = (record.approval, record.approval.end)
        rows.array { row in
            for key in ApprovalKey.allCases {
                row.entry(key.rawValue, key.type) { value in
                    switch key {
                    case .number: value.int64(approval.number)
                    case .kind: value.string(approval.kind.rawValue)
                    case .certificate: value.string(approval.certificate)
                    case .portal: value.string(approval.portal)
                    case .startedAt: value.int64(approval.startedAt)
                    case .decision: value.string(approval.decision)
                    case .state: value.string(approval.state)
                    case .endedAt: value.int64(end?.at ?? 0)
                    case .result: value.string(end?.result ?? "")
                    case .error: value.string(end?.error ?? "")
                    case .errorDetail: value.string(end?.errorDetail ?? "")
                    case .message: value.string(end?.message ?? "")
                    case .reference: value.string(end?.reference ?? "")
                    case .confirmationNumber: value.string(end?.confirmationNumber ?? "")
                    case .handleToken: value.string(approval.handleToken ?? "")
                    case .code: value.string(approval.code)
                    case .signatures:
                        value.array { signatures in
                            for signature in record.signatures {
                                signatures.structure {
                                    $0.string(signature.step)
                                    $0.int64(signature.signedAt)
                                    $0.bytes(signature.cms)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
