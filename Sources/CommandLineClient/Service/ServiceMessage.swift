// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// The texts that the service sends with its errors: "what happened (detail) what to do", in the language of the service.
///
/// The client says the same in its own language, so only the detail is of use here.
enum ServiceMessage {
    /// The detail of a message, or "" where the message has none or is put together in another way.
    static func detail(in message: String, of errorName: String) -> String {
        for language in Language.allCases {
            let text = Texts(language, zone: .utc).error(errorName)
            let (start, end) = ("\(text.what) (", ") \(text.remedy)")
            if message.hasPrefix(start), message.hasSuffix(end), message.count >= start.count + end.count {
                return String(message.dropFirst(start.count).dropLast(end.count))
            }
        }
        return ""
    }
}
