// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A descriptor that is owned, and closed with its last reference.
public final class FileDescriptorHandle: Sendable, Hashable {
    /// The number, valid as long as this handle lives.
    public let rawValue: Int32

    /// Takes over an open descriptor: nobody else may close it.
    public init(owning descriptor: Int32) {
        rawValue = descriptor
    }

    /// Duplicates an open descriptor, which stays the caller's; nil if the process has too many or it is not open.
    public init?(duplicating descriptor: Int32) {
        rawValue = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard rawValue >= 0 else { return nil }
    }

    deinit {
        if rawValue >= 0 { close(rawValue) }
    }

    public static func == (left: FileDescriptorHandle, right: FileDescriptorHandle) -> Bool {
        left === right
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
