// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Confinement
internal import EOnayCore
internal import Glibc
public import JobFrames
internal import SystemBasics

/// One job of `eonay-courier`: carries requests to a portal, one after the other, until its parent closes the
/// conversation.
///
/// Synchronous from end to end: the process has one thread, and what blocks (a server) blocks it, within the endpoint's
/// times. It reads what servers send, and passes on only what the contract allows.
public final class CourierJob {
    private let end: JobEnd
    private var courier = Courier()
    private var isConfined = false

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
        while let request = try end.receive(CourierRequest.self) {
            do throws(SystemError) { try confine(for: request) } catch {
                try end.send(CourierReply.failed(JobFailure(.internal, error.description)))
                continue
            }
            try end.send(courier.answer(request))
        }
    }

    /// Once in a job, before anything is read from the network: files can be read that a resolver and TLS need, none can be written.
    private func confine(for request: CourierRequest) throws(SystemError) {
        guard !isConfined else { return }
        var confinement = Confinement(network: .client)
        // Mostly a link to a file that is written anew whenever the network changes.
        if let resolver = Files.realPath(of: "/etc/resolv.conf") { confinement.allow(Files.parent(of: resolver)) }
        // Where openSUSE keeps the authorities' certificates.
        confinement.allow("/var/lib/ca-certificates")
        for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] { confinement.allow(variable: name) }
        switch request {
        case .open(_, let caFile, _, _) where !caFile.isEmpty, .probe(_, let caFile, _) where !caFile.isEmpty:
            confinement.allow(caFile)
        default: break
        }
        try confinement.apply()
        isConfined = true
    }
}
