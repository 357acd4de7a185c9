// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// One E-Onay, or one code signed, from the call to its end.
struct ApprovalObject: Equatable {
    let path: ObjectPath
    let certificate, decision, portal, state, result, reference, confirmationNumber: String
    let error: ToldError
    let step, steps: UInt32
    let deadline: Int64

    init(_ path: ObjectPath, _ properties: [String: Value]) {
        let text = { (name: String) in properties[name]?.string ?? "" }
        self.path = path
        (certificate, decision, portal) = (text("Certificate"), text("Decision"), text("Portal"))
        (state, result, reference) = (text("State"), text("Result"), text("Reference"))
        confirmationNumber = text("ConfirmationNumber")
        error = ToldError(properties)
        let numbers = properties["Step"]?.members?.compactMap(\.uint32) ?? []
        (step, steps) = numbers.count == 2 ? (numbers[0], numbers[1]) : (0, 0)
        deadline = properties["Deadline"]?.int64 ?? 0
    }
}
