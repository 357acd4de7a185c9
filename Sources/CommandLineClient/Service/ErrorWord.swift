// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

/// Error names in both their forms.
enum ErrorWord {
    static func short(_ name: String) -> String {
        name.hasPrefix(ErrorName.busPrefix) ? String(name.dropFirst(ErrorName.busPrefix.count)) : name
    }
}
