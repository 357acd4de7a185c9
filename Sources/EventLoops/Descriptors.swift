// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The number of descriptors that this process can still open.
///
/// A caller looks before it begins what cannot be left half done. Another thread may take what was there a moment ago: ask for more than
/// is needed.
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
