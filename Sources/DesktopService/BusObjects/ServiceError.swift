// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Texts

/// A call that memory alone can refuse.
struct ServiceError: Error, Equatable {
    let name: ErrorName
    /// The fault in detail, for the author of the call; never a secret.
    let detail: String

    init(_ name: ErrorName, detail: String = "") {
        self.name = name
        self.detail = detail
    }

    /// As it travels: the contract's name, what happened and what to do in the service's language, and the detail as it is.
    func busError(_ texts: Texts) -> BusError {
        let explanation = texts.error(name, detail: detail)
        // A wrong argument is for a program's author to mend, and busctl(1) shows the sentence alone.
        let suffix = name == .invalidArgument && !detail.isEmpty ? " (\(detail))" : ""
        return name.busError("\(explanation.what)\(suffix) \(explanation.remedy)", detail: detail)
    }
}
