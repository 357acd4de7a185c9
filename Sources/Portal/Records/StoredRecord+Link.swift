// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension PortalKeys {
    /// Whether the portal wrote this record, as it is and where it is.
    func hasLinked(_ record: StoredRecord) -> Bool {
        equalInConstantTime(
            link(record.draft.linked(to: record.previous, sequence: record.sequence)), record.link)
    }
}
