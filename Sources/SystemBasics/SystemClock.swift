// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// The clock that tells the date (CLOCK_REALTIME).
public enum SystemClock {
    /// Whether something keeps it right, as the kernel knows; nil where the kernel does not say.
    ///
    /// As timedatectl(1) decides it: by the largest possible error, which grows past 16 seconds where nobody sets the clock. The flag
    /// STA_UNSYNC may be set for another reason (systemd, src/basic/time-util.c).
    public static var isSynchronised: Bool? {
        let error = clinux_largest_clock_error()
        return error < 0 ? nil : error < 16_000_000
    }
}
