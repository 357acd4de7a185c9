// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus

/// What a command that waits for an approval hears.
enum ApprovalNews: Sendable {
    /// A signal of the approval's object.
    case signal(Signal)
    /// Nobody owns the service's name any more.
    case serviceGone
    /// The bus has gone.
    case busGone
    /// SIGINT, SIGTERM or SIGHUP.
    case interrupted
    /// A second has passed.
    case tick
    /// After a cancellation: long enough waited.
    case patienceOver
}
