// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import Logging
import PortalContract

/// What the portal is told by its key file and its environment.
///
/// A server that guesses is worse than one that does not start: unknown keys and bad values are errors, all of them told
/// at once, each with its line.
public struct PortalConfiguration: Sendable {
    /// Where people and E-Onay reach the portal. Without it, the loopback address that it listens on.
    public internal(set) var origin: Origin?
    /// The address to listen on.
    public internal(set) var host = "127.0.0.1"
    /// The port to listen on; 0 takes any free one.
    public internal(set) var port = 8480
    /// Where the database and, unless it is put elsewhere, the master key are.
    public internal(set) var dataDirectory = "/var/lib/eonay-portal"
    var keyFilePath: String?
    var anchorDirectory = "/etc/eonay-portal/anchors"
    var statement = PortalRules.guideStatement
    var codeLifetime = PortalLimits.codeLifetime
    var renewalDays: Int64 = 30
    var limits = PortalRules.Limits()
    var connections = 10_000
    /// Seconds in which the head of a request must have come in, and then its body, and the answer be fetched.
    var requestTimeout: Int64 = 20
    /// Seconds that connections may last after SIGTERM.
    var drainTimeout: Int64 = 20
    /// Connections from one address that is no proxy's; 0 for any number.
    var connectionsPerAddress = 500
    /// Event streams from one address, as limits count it; 0 for any number.
    var eventStreamsPerAddress = 250
    /// Event streams in all: 60 visits a second, each of which waits for two signatures for a minute, are 7,200.
    var eventStreams = 8000
    var revocationPolicy = RevocationPolicy.require
    /// Seconds for one OCSP answer or list.
    var revocationTimeout: Int64 = 5
    var certificatePath: String?
    var certificateKeyPath: String?
    /// Browsers are told to reach the hosts below the origin's by https alone, too.
    var includesSubDomains = false
    var proxies: [NetworkAddress] = []
    var logLevel = Logger.Level.info

    init() {}

    /// Where the master key is.
    public var keyFile: String { keyFilePath ?? dataDirectory + "/portal.key" }

    /// A logger that writes JSON lines to standard error, as verbose as configured.
    public func makeLogger(environment: [String: String]) -> Logger {
        var handler = JSONLog(isJournal: environment["JOURNAL_STREAM"] != nil)
        handler.logLevel = logLevel
        return Logger(label: "eonay-portal") { _ in handler }
    }

    /// Event streams, out of so many connections: a fifth of those is left for all else, whatever is configured.
    func eventStreams(outOf connections: Int) -> Int {
        let most = max(1, connections - max(1, connections / 5))
        return eventStreams == 0 ? most : min(eventStreams, most)
    }

    var databasePath: String { dataDirectory + "/portal.db" }

    /// Whether the portal itself speaks TLS.
    var hasTLS: Bool { certificatePath != nil }
}

/// How much must be known of a certificate's revocation.
enum RevocationPolicy: String, Sendable, CaseIterable {
    /// A certificate of which nothing can be found out is refused for now.
    case require
    /// Asked, but not insisted on.
    case prefer
}

/// What is wrong with a configuration.
public struct PortalConfigurationErrors: Error, CustomStringConvertible, Equatable {
    /// One line for each fault: where, and what.
    public let lines: [String]

    public var description: String { lines.joined(separator: "\n") }
}
