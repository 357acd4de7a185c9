// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A text of the program as C keeps it, to be compared with the texts of messages without making Strings of them.
final class CString: @unchecked Sendable {  // unchecked: written once, before anyone else sees it
    let start: UnsafePointer<CChar>
    let text: String

    init(_ text: String) {
        self.text = text
        // strdup fails only without memory, where nothing can go on.
        start = UnsafePointer(strdup(text)!)
    }

    deinit {
        free(UnsafeMutablePointer(mutating: start))
    }

    func equals(_ other: UnsafePointer<CChar>) -> Bool {
        strcmp(start, other) == 0
    }
}
