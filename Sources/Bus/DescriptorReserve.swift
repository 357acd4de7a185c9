// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// Spare descriptors that a connection closes when it needs room for another.
///
/// libdbus gives a connection up when a message brings a descriptor and the process has no number left for it (the kernel then
/// drops it, MSG_CTRUNC, and nothing shows which message had it). A caller that uses up a service's descriptors would
/// end the service that way. So the spares make room before each read, and the message can be answered with
/// LimitsExceeded. For the loop's thread.
final class DescriptorReserve {
    private let size: Int
    private var kept: [Int32] = []
    private var isLent = false

    /// Keeps so many from now on, but no more than a sixteenth of what the process may have open.
    init(_ size: Int) {
        self.size = min(size, Int(clamping: Self.limit / 16))
        fill()
    }

    deinit { release() }

    /// The number of free ones that will be taken back.
    var lent: Int { isLent ? size : 0 }

    /// Makes as many free as are kept. True if spares had to make way.
    func makeRoom() -> Bool {
        guard !isLent, !kept.isEmpty, !hasRoom() else { return false }
        release()
        isLent = true
        return true
    }

    /// Takes the spares back; false, and all stay free, while there is no room for all of them.
    func refill() -> Bool {
        guard isLent else { return false }
        fill()
        isLent = kept.count < size
        if isLent { release() }
        return !isLent
    }

    /// No process of ours has as many descriptors that lie scattered above its lowest free number.
    private static let plenty = 256

    private func hasRoom() -> Bool {
        let lowest = fcntl(kept[0], F_DUPFD_CLOEXEC, 0)
        guard lowest >= 0 else { return false }
        defer { close(lowest) }
        return Self.limit > UInt(lowest) + UInt(Self.plenty) || OpenFileLimit.hasRoom(for: size)
    }

    /// Asked each time: others may change it (prlimit(2)).
    private static var limit: UInt {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? UInt(limit.rlim_cur) : 0
    }

    private func fill() {
        while kept.count < size {
            let descriptor =
                kept.first.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            kept.append(descriptor)
        }
    }

    private func release() {
        for descriptor in kept { close(descriptor) }
        kept = []
    }
}
