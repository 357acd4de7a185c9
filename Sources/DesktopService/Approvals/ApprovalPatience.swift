// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import SystemBasics

/// How long an approval waits for its jobs, measured outside of them: a job that hangs holds nobody up for longer.
public struct ApprovalPatience: Sendable {
    /// The time for a courier to start and to make itself ready.
    public var courierStart: Duration = .seconds(10)
    /// The time that a courier gives a portal for the connection, in milliseconds.
    public var portalConnect: UInt32 = 10_000
    /// The time that a courier gives a portal for one request, the connection included, in milliseconds.
    public var portalTotal: UInt32 = 30_000
    /// The time for a courier beyond the portal's, to report the outcome.
    public var courierMargin: Duration = .seconds(5)
    /// The time for a courier to end its session at the portal.
    public var courierFarewell: Duration = .seconds(5)
    /// How long the PIN prompt waits for the certificate's responder.
    public var revocation: Duration = .seconds(3)
    /// How much longer than the code a token job may live: to say that the time is over, and to log out.
    public var tokenFarewell: Duration = .seconds(15)

    /// The times of the program.
    public init() {}

    /// How long a courier may take for a question.
    func forCourier(_ question: PortalQuestion) -> Duration {
        .milliseconds(portalTotal) * question.mostRequests + courierMargin
    }
}

extension PortalQuestion {
    /// How many requests a courier may make to answer it: a signature whose answer was lost is posted again, and then its session is asked.
    fileprivate var mostRequests: Int {
        switch self {
        case .submit: 3
        case .statement, .session, .code, .confirm, .decide, .apply, .newestApplication: 1
        }
    }
}
