// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// A certificate holder's name, or the words for a certificate whose subject is empty.
    public func holder(_ name: String) -> String {
        name.isEmpty ? text("holder without a name") : name
    }
}
