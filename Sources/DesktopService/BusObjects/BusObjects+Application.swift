// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore

/// `org.freedesktop.Application`: a person chose the program, one of its actions, or an address that it opens.
extension BusObjects {
    // The platform data (`desktop-startup-id`, `activation-token`) is not read. It lets a window come to the front that opens at once. Ours,
    // which asks for the PIN, opens when card and portal are ready, and pinentry has no way to take it over.
    var application: Interface {
        let me = LoopBound(self, on: bus.loop)
        return Interface(ApplicationInterface.self, methods: { method, call, _ in try me.value.answer(method, &call) })
    }

    private func answer(_ method: ApplicationInterface.Method, _ call: inout MethodCall) throws {
        do {
            let calls = try requests
            switch method {
            case .activate: calls.activate()
            case .open:
                var addresses: [String] = []
                try call.arguments.array { addresses.append(try $0.string()) }
                guard addresses.count == 1 else {
                    throw ServiceError(.invalidArgument, detail: "one address at a time")
                }
                try calls.open(addresses[0])
            case .activateAction:
                guard let action = ApplicationAction(rawValue: try call.arguments.string()) else {
                    throw ServiceError(.invalidArgument, detail: "action")
                }
                try calls.act(action, try Self.certificate(&call.arguments), call.sender)
            }
        } catch let error as ServiceError {
            throw error.busError(sources.settings().texts)
        }
    }

    /// The certificate that a parameter names; "" where there is none.
    private static func certificate(_ parameter: inout MessageReader) throws -> String {
        var names: [String] = []
        do {
            try parameter.array { try $0.variant { names.append(try $0.string()) } }
        } catch { throw ServiceError(.invalidArgument, detail: "type of the parameter") }
        guard names.count <= 1 else { throw ServiceError(.invalidArgument, detail: "one parameter at most") }
        return names.first ?? ""
    }
}
