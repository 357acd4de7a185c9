// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import JobFrames

/// One job of `eonay-courier`: carries requests to a portal, one after the other, until its parent closes the
/// conversation.
///
/// Synchronous from end to end: the process has one thread, and what blocks (a server) blocks it, within the endpoint's
/// times. It reads what servers send, and passes on only what the contract allows.
public final class CourierJob {
    private let end: JobEnd
    private var courier = Courier()

    /// Makes the process ready: nothing of a session in a core file, and no end by a connection that broke.
    public init(end: JobEnd) {
        self.end = end
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // Refused is not worth an answer: it is a precaution.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // libcurl leaves SIGPIPE to the program (CURLOPT_NOSIGNAL).
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Answers until the parent's end is closed. Throws `FrameError` where the conversation itself breaks.
    public func run() throws(FrameError) {
        while let request = try end.receive(CourierRequest.self) { try end.send(courier.answer(request)) }
    }
}
