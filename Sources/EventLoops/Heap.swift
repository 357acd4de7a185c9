// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// The memory that `malloc` keeps.
public enum Heap {
    /// Gives what is free back to the system, of all threads' heaps: `malloc` by itself keeps most of what a burst of work needed.
    ///
    /// Takes a millisecond at most, during which no other thread can allocate. May be called from any thread.
    public static func trim() {
        malloc_trim(0)
    }
}
