// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The number of descriptors that this process can still open.
///
/// Some libraries end the process where one is missing (GLib: "Creating pipes for GWakeup: Too many open files"), so a caller
/// looks first. Another thread may take what was there a moment ago: ask for more than is needed.
public enum Descriptors {
    /// Whether so many more can be opened at this moment.
    public static func haveRoom(for count: Int) -> Bool {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        while taken.count < count {
            let descriptor =
                taken.first.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            taken.append(descriptor)
        }
        return true
    }
}
