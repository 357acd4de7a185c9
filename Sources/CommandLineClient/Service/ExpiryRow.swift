// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// A row of `Expiry`.
struct ExpiryRow: Equatable {
    let id, holder: String
    let notAfter: Int64
    let daysLeft: Int32
    let phase: String

    init?(_ row: Value) {
        guard let members = row.members, members.count >= 5, let id = members[0].string,
            let holder = members[1].string, let notAfter = members[2].int64, let daysLeft = members[3].int32,
            let phase = members[4].string
        else { return nil }
        (self.id, self.holder, self.notAfter, self.daysLeft, self.phase) = (id, holder, notAfter, daysLeft, phase)
    }
}
