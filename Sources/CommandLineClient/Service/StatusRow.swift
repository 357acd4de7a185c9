// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// A row of `Status`.
struct StatusRow: Equatable {
    let id, holder, approval: String
    let since: Int64
    let portal: String

    init?(_ row: Value) {
        guard let members = row.members, members.count >= 5, let id = members[0].string,
            let holder = members[1].string, let approval = members[2].string, let since = members[3].int64,
            let portal = members[4].string
        else { return nil }
        (self.id, self.holder, self.approval, self.since, self.portal) = (id, holder, approval, since, portal)
    }
}
