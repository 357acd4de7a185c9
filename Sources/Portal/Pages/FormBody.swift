// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The fields of a form that a page posted.
struct FormBody: Sendable {
    private let fields: [String: String]

    /// Reads `application/x-www-form-urlencoded`; throws bad-request for two fields with one name, which no form of ours
    /// has.
    init(_ text: String) throws(PortalProblem) {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = Self.decoded(parts[0]), let value = Self.decoded(parts[1]) else {
                continue
            }
            guard fields.updateValue(value, forKey: name) == nil else { throw PortalProblem.badRequest }
        }
        self.fields = fields
    }

    /// A field's value; empty for an absent one.
    subscript(name: String) -> String { fields[name] ?? "" }

    private static func decoded(_ text: Substring) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
