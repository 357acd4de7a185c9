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
