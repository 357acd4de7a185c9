// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PortalContract

/// Values as the commands print them: the bus says by "" and 0 that there is none.
extension JSON {
    /// A text; null where it is empty.
    static func optional(_ text: String) -> JSON { text.isEmpty ? .null : .string(text) }

    /// Seconds since 1970, UTC; null for 0.
    static func time(_ seconds: Int64) -> JSON { seconds == 0 ? .null : .integer(seconds) }

    static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

    /// The value on one line.
    var line: String { String(decoding: utf8, as: UTF8.self) }
}
