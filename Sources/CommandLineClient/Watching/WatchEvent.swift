// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Something that `watch` tells.
enum WatchEvent: Equatable {
    case service(version: String, watcher: String)
    case serviceGone
    case watcher(String)
    case readers([String])
    case cardIn(reader: String)
    /// It was read: these certificates are on it.
    case cardRead(reader: String, ids: [String], holders: [String])
    case cardTrouble(reader: String, error: ToldError, heldBy: String)
    case cardOut(reader: String)
    case pinState(reader: String, state: String)
    case phase(id: String, holder: String, phase: String)
    case reminder(id: String, holder: String, notAfter: Int64, daysLeft: Int32)
    case snooze(id: String, holder: String, until: Int64)
    case approval(path: String, certificate: String, state: String)
    case approvalEnd(path: String, result: String, error: ToldError)
}
