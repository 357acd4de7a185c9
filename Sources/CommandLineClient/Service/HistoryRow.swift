// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// A row of `History`.
struct HistoryRow: Equatable {
    let at: Int64
    let certificate, decision, result, portal, reference: String

    init?(_ row: Value) {
        guard let members = row.members, members.count >= 6, let at = members[0].int64 else { return nil }
        let texts = members[1...5].compactMap(\.string)
        guard texts.count == 5 else { return nil }
        self.at = at
        (certificate, decision, result, portal, reference) = (texts[0], texts[1], texts[2], texts[3], texts[4])
    }
}
