// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Tokens

extension Module {
    /// The tokens in that reader that somebody has set up; SoftHSM shows one more.
    func tokens(inReader reader: String) throws -> [Token] {
        try search(reader: Array(reader.utf8)).tokens.filter(\.info.isInitialised)
    }
}
