// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import Synchronization

/// How many descriptors this process may have open.
public enum OpenFiles {
    /// The limit for jobs, where ours was raised; 0: as ours.
    private static let kept = Atomic<UInt>(0)

    static var former: UInt { kept.load(ordering: .relaxed) }

    /// As many as a service needs whose callers hand descriptors to it.
    private static let most: UInt = 4096

    /// Raises this process's soft limit as far as the system lets it. Jobs keep the limit that there was.
    ///
    /// Once, before anything is started.
    public static func raiseLimit() {
        kept.store(cspawn_raise_open_files(most), ordering: .relaxed)
    }
}
