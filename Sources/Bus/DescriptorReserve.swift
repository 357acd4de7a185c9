// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc

/// Descriptors that a connection keeps in order to let go of them.
///
/// libdbus gives a connection up when a message brings a descriptor and the process has no number left for it (the kernel then
/// drops it, MSG_CTRUNC, and nobody knows any more which message had it). A caller that uses up a service's descriptors would end
/// the service so. Hence, before each read, there is room: what is kept here makes way, and the message can be answered with
/// LimitsExceeded. For the loop's thread.
final class DescriptorReserve {
    private let size: Int
    private var kept: [Int32] = []
    private var isLent = false

    /// Keeps so many from now on, or as many of them as there are.
    init(_ size: Int) {
        self.size = size
        fill()
    }

    deinit { release() }

    /// How many are free that will be taken back.
    var lent: Int { isLent ? size : 0 }

    /// Sees to it that so many are free as are kept.
    func makeRoom() {
        guard !isLent, !kept.isEmpty, !hasRoom() else { return }
        release()
        isLent = true
    }

    /// Takes them back; what others have taken meanwhile stays theirs, and all of it free, until there is room for all.
    func refill() {
        guard isLent else { return }
        fill()
        isLent = kept.count < size
        if isLent { release() }
    }

    /// No process of ours has as many descriptors that lie scattered above its lowest free number.
    private static let plenty = 256

    private func hasRoom() -> Bool {
        let lowest = fcntl(kept[0], F_DUPFD_CLOEXEC, 0)
        guard lowest >= 0 else { return false }
        defer { close(lowest) }
        var limit = rlimit()
        // Asked each time: others may change it (prlimit(2)).
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return true }
        return limit.rlim_cur > UInt(lowest) + UInt(Self.plenty) || Descriptors.haveRoom(for: size)
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
