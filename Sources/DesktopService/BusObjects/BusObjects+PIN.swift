// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// The calls and objects of PIN operations.
extension BusObjects {
    func pinCall(_ task: PINTask, _ call: inout MethodCall) throws -> PINCall {
        let card = try call.arguments.string()
        return PINCall(
            task: task, card: card, options: try ApprovalOptions(&call.arguments, of: ApprovalOption.ofPIN),
            caller: call.sender)
    }

    /// `/org/eonay/EOnay1/pin/N`: a PIN operation, until some minutes after its end.
    func interface(of operation: PINOperationView) -> Interface {
        let (me, number) = (LoopBound(self, on: bus.loop), operation.number)
        return Interface(
            PINOperationInterface.self,
            methods: { method, _, _ in
                switch method {
                case .cancel: me.value.calls?.cancelPIN(number)
                }
            },
            properties: { property, value in
                let now = me.value.sources.pinOperation(number) ?? operation
                switch property {
                case .kind: value.string(now.task.rawValue)
                case .token: value.objectPath(Self.path(ofToken: now.token))
                case .state: value.string(now.state.rawValue)
                case .result: value.string(now.end?.result ?? "")
                case .error:
                    value.structure {
                        $0.string(now.end?.error ?? "")
                        $0.string(now.end?.message ?? "")
                    }
                case .errorDetail: value.string(now.end?.failure?.detail ?? "")
                }
            })
    }

    func add(_ operation: PINOperationView) { export(at: operation.path, interface(of: operation)) }

    func remove(_ operation: PINOperationView) { bus.unexport(operation.path) }

    func changed(_ operation: PINOperationView) {
        bus.propertiesChanged([.state], of: PINOperationInterface.self, at: operation.path)
    }

    /// The end's properties go out before the signal, in the same turn.
    func ended(_ operation: PINOperationView, _ end: PINOperationEnd) {
        bus.propertiesChanged(
            [.state, .result, .error, .errorDetail], of: PINOperationInterface.self, at: operation.path)
        emit("the end of a PIN operation") {
            try bus.emit(.completed, of: PINOperationInterface.self, from: operation.path) {
                $0.string(end.result)
                $0.string(end.error)
                $0.string(end.message)
            }
        }
    }
}
