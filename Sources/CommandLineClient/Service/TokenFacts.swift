// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// A card in a reader.
struct TokenFacts: Equatable {
    let path: ObjectPath
    let reader, label, manufacturer, model, pinState, heldBy: String
    let atr: [UInt8]
    let hasKeypad: Bool
    let certificates: [ObjectPath]
    /// What went wrong when it was read.
    let trouble: ToldError
    /// Modules that could not be loaded: the file, and the loader's reason.
    let moduleProblems: [ModuleProblem]
    private let properties: [String: Value]

    /// The error's name without the contract's prefix, or "".
    var error: String { trouble.name }

    struct ModuleProblem: Equatable {
        let file, reason: String
    }

    /// The card after some of its properties have changed.
    func changed(by changes: [String: Value]) -> TokenFacts {
        TokenFacts(path, properties.merging(changes) { $1 })
    }

    init(_ path: ObjectPath, _ properties: [String: Value]) {
        self.properties = properties
        let text = { (name: String) in properties[name]?.string ?? "" }
        self.path = path
        (reader, label, manufacturer, model) = (text("Reader"), text("Label"), text("Manufacturer"), text("Model"))
        (pinState, heldBy) = (text("PinState"), text("HeldBy"))
        atr = properties["Atr"]?.bytes ?? []
        hasKeypad = properties["ProtectedAuthenticationPath"]?.bool ?? false
        certificates = properties["Certificates"]?.elements?.compactMap(\.objectPath) ?? []
        moduleProblems = (properties["ModuleProblems"]?.elements ?? []).map { problem in
            let texts = problem.members?.map { $0.string ?? "" } ?? []
            return ModuleProblem(file: texts.first ?? "", reason: texts.last ?? "")
        }
        trouble = ToldError(properties)
    }
}
