// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import Logging
import PortalContract

/// The portal's settings, from its key file and its environment.
///
/// A server that guesses is worse than one that does not start: unknown keys and invalid values are errors, all of them
/// reported at once, each with its line.
public struct PortalConfiguration: Sendable {
    /// The address by which people and E-Onay reach the portal. Without it, the loopback address that it listens on.
    public internal(set) var origin: Origin?
    /// The address to listen on.
    public internal(set) var host = "127.0.0.1"
    /// The port to listen on; 0 is any free one.
    public internal(set) var port = 8480
    /// The folder of the database and, by default, of the master key.
    public internal(set) var dataDirectory = "/var/lib/eonay-portal"
    var keyFilePath: String?
    var anchorDirectory = "/etc/eonay-portal/anchors"
    var statement = PortalRules.guideStatement
    var codeLifetime = PortalLimits.codeLifetime
    var renewalDays: Int64 = 30
    var limits = PortalRules.Limits()
    var connections = 10_000
    /// Seconds for the head of a request to come in, then for its body, and for the client to read the answer.
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
    /// Browsers must use https for the hosts below the origin's as well.
    var includesSubDomains = false
    var proxies: [NetworkAddress] = []
    var logLevel = Logger.Level.info
    /// The parts of a statement, which only make sense together.
    private var given: (version: String?, accept: String?, decline: String?) = (nil, nil, nil)

    init() {}

    /// The path of the master key.
    public var keyFile: String { keyFilePath ?? dataDirectory + "/portal.key" }

    /// A logger that writes JSON lines to standard error, at the configured level.
    public func makeLogger(environment: [String: String]) -> Logger {
        var handler = JSONLog(isJournal: environment["JOURNAL_STREAM"] != nil)
        handler.logLevel = logLevel
        return Logger(label: "eonay-portal") { _ in handler }
    }

    /// How many event streams there may be among so many connections: at least a fifth of these stays free.
    func eventStreams(outOf connections: Int) -> Int {
        let most = max(1, connections - max(1, connections / 5))
        return eventStreams == 0 ? most : min(eventStreams, most)
    }

    var databasePath: String { dataDirectory + "/portal.db" }

    /// Whether the portal itself speaks TLS.
    var hasTLS: Bool { certificatePath != nil }
}

/// How much must be known about a certificate's revocation.
enum RevocationPolicy: String, Sendable, CaseIterable {
    /// Signatures are refused for now if the certificate's revocation is unknown.
    case require
    /// The portal asks, but accepts it if nobody answers.
    case prefer
}

/// The faults of a configuration.
public struct PortalConfigurationErrors: Error, CustomStringConvertible, Equatable {
    /// One line for each fault: its place and its kind.
    public let lines: [String]

    public var description: String { lines.joined(separator: "\n") }
}

// MARK: Keys

extension PortalConfiguration: ConfigurationSettings {
    private static let usual = PortalConfiguration()

    /// The keys of the file and of the environment.
    public static let keys: [ConfigurationKey<Self>] = [
        ConfigurationKey(
            "Server", "Origin", .origin, usual: .none,
            "The address by which people and E-Onay reach the portal: https://HOST or https://HOST:PORT, without a path.",
            into: \.origin
        ) { try? Origin($0) },
        ConfigurationKey(
            "Server", "Listen", .text, usual: .value("\(usual.host):\(usual.port)"),
            "Address and port, an IPv6 address in brackets; no name."
        ) { $0.setListen($1) },
        text("Server", "DataDirectory", \.dataDirectory, "The folder of the database, portal.db."),
        optional(
            "Server", "KeyFile", \.keyFilePath, usual: usual.keyFile,
            "The file with the key: 32 octets, a file and no symbolic link, not readable by group or others."),
        number("Server", "Connections", \.connections, 1...1_000_000, "The most connections at a time, 1 to 1000000."),
        number(
            "Server", "RequestTimeout", \.requestTimeout, 1...600,
            """
            Seconds, 1 to 600, in which the head of a client's next request must come in after the last answer, \
            then its body, and in which the client must read each part of an answer.
            """),
        number(
            "Server", "DrainTimeout", \.drainTimeout, 1...600,
            "Seconds, 1 to 600, for requests in progress at SIGTERM; then all connections are closed."),
        word(
            "Server", "LogLevel", \.logLevel,
            "The least of trace, debug, info, notice, warning, error and critical to log."),
        optional(
            "TLS", "Certificate", \.certificatePath, "A PEM file: the server's certificate, then those of its issuers."),
        optional("TLS", "Key", \.certificateKeyPath, "A PEM file with its private key, without a passphrase."),
        ConfigurationKey(
            "TLS", "IncludeSubDomains", .flag, usual: .value("\(usual.includesSubDomains)"),
            """
            If true, browsers must use https for a year with every host below the origin's as well \
            (includeSubDomains of Strict-Transport-Security), with [Proxy] as with [TLS].
            """,
            into: \.includesSubDomains
        ) { Bool($0) },
        ConfigurationKey(
            "Proxy", "Addresses", .text, usual: .none,
            """
            The addresses of the TLS proxies in front of the portal, with blanks or commas between them; \
            no names or networks.
            """,
            into: \.proxies
        ) { value in
            let addresses = value.split(whereSeparator: { ", ".contains($0) }).map { NetworkAddress(String($0)) }
            return addresses.isEmpty || addresses.contains(nil) ? nil : addresses.compactMap(\.self)
        },
        text(
            "Trust", "Anchors", \.anchorDirectory,
            """
            The folder of the trusted authorities' certificates: every regular file in it, DER or PEM, with one \
            certificate or several; not those in folders in it, or whose names begin with a dot.
            """),
        word("Revocation", "Policy", \.revocationPolicy, "How much must be known about revocation, require or prefer."),
        number(
            "Revocation", "Timeout", \.revocationTimeout, 1...60,
            "Seconds for one responder's answer or one list, 1 to 60."),
        number(
            "Codes", "Lifetime", \.codeLifetime, 30...3600, "Seconds for which a verification code is good, 30 to 3600."
        ),
        number(
            "Applications", "RenewalDays", \.renewalDays, 1...1000,
            "How many days of 86400 seconds before a certificate's end its renewal opens, 1 to 1000."),
        number(
            "Limits", "Window", \.limits.window, 1...86_400, "The seconds in which the limits below count, 1 to 86400."),
        number(
            "Limits", "CodesPerIdentity", \.limits.codesPerIdentity, 1...1_000_000,
            "Codes for one identity number from one address, 1 to 1000000."),
        number(
            "Limits", "CodesPerAddress", \.limits.codesPerAddress, 1...1_000_000,
            "Codes from one address, for all identity numbers, 1 to 1000000."),
        number(
            "Limits", "UnknownCodes", \.limits.unknownCodes, 1...1_000_000,
            "Questions for codes that do not exist, from one address, 1 to 1000000."),
        number(
            "Limits", "ConnectionsPerAddress", \.connectionsPerAddress, 0...1_000_000,
            "Open connections from one address, 0 to 1000000, 0 for any number; further ones are closed."),
        number(
            "Limits", "EventStreams", \.eventStreams, 0...1_000_000,
            """
            Open pages that wait for news, in all, 0 to 1000000, and never more than four fifths of Connections, \
            which is also what 0 means.
            """),
        number(
            "Limits", "EventStreamsPerAddress", \.eventStreamsPerAddress, 0...1_000_000,
            "The same from one address, 0 to 1000000, 0 for any number; further ones get status 429."),
        part(
            "Version", \.given.version, usual.statement.version, "The name of the words, one line of at most 64 octets."
        ),
        part("Accept", \.given.accept, usual.statement.accept, "The statement that accepts."),
        part("Decline", \.given.decline, usual.statement.decline, "The statement that declines."),
    ]

    private static let prefix = "EONAY_PORTAL_"

    /// A key's name in the environment.
    static func variable(of key: ConfigurationKey<Self>) -> String { "\(prefix)\(key.group)_\(key.name)".uppercased() }

    private typealias Path<Value> = WritableKeyPath<PortalConfiguration, Value> & Sendable

    private static func text(
        _ group: String, _ name: String, _ path: any Path<String>, _ sentence: String
    ) -> ConfigurationKey<Self> {
        ConfigurationKey(group, name, .text, usual: .value(usual[keyPath: path]), sentence, into: path) {
            $0.isEmpty ? nil : $0
        }
    }

    private static func optional(
        _ group: String, _ name: String, _ path: any Path<String?>, usual: String? = nil, _ sentence: String
    ) -> ConfigurationKey<Self> {
        ConfigurationKey(group, name, .text, usual: usual.map { .value($0) } ?? .none, sentence, into: path) {
            $0.isEmpty ? nil : .some($0)
        }
    }

    /// A part of the statement, which is checked as a whole.
    private static func part(
        _ name: String, _ path: any Path<String?>, _ usual: String, _ sentence: String
    ) -> ConfigurationKey<Self> {
        ConfigurationKey("Statement", name, .text, usual: .value(usual), sentence, into: path) { .some($0) }
    }

    private static func number<Number: FixedWidthInteger & Sendable>(
        _ group: String, _ name: String, _ path: any Path<Number>, _ range: ClosedRange<Int>, _ sentence: String
    ) -> ConfigurationKey<Self> {
        ConfigurationKey(group, name, .number(range), usual: .value("\(usual[keyPath: path])"), sentence, into: path) {
            Int($0).flatMap { range.contains($0) ? Number($0) : nil }
        }
    }

    private static func word<Word: RawRepresentable<String> & Sendable>(
        _ group: String, _ name: String, _ path: any Path<Word>, _ sentence: String
    ) -> ConfigurationKey<Self> {
        ConfigurationKey(group, name, .text, usual: .value(usual[keyPath: path].rawValue), sentence, into: path) {
            Word(rawValue: $0)
        }
    }

    /// `127.0.0.1:8480` or `[::1]:8480`.
    private mutating func setListen(_ value: String) -> Bool {
        guard let colon = value.lastIndex(of: ":"), let port = UInt16(value[value.index(after: colon)...]) else {
            return false
        }
        var host = value[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        (self.host, self.port) = (String(host), Int(port))
        return NetworkAddress(self.host) != nil
    }
}

// MARK: Reading

extension PortalConfiguration {
    /// Reads a key file, and then the environment, which has precedence.
    ///
    /// - Parameters:
    ///   - bytes: the file's contents; empty for none.
    ///   - path: the file's name in errors.
    /// - Throws: `PortalConfigurationErrors`, never with a value in it.
    public init(
        bytes: [UInt8], path: String, environment: [String: String]
    ) throws(PortalConfigurationErrors) {
        self.init()
        let file = KeyFile(bytes)
        var faults = file.faults.map { "\(path):\($0.line): \($0.kind.rawValue)" }
        for entry in file.entries {
            let place = "\(path):\(entry.line)"
            guard let key = Self.keys.first(where: { $0.group == entry.group && $0.name == entry.key }) else {
                faults.append("\(place): there is no \(entry.key) in [\(entry.group)]")
                continue
            }
            if !key.apply(&self, entry.value) { faults.append("\(place): \(entry.key) cannot be this") }
        }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            guard let key = Self.keys.first(where: { Self.variable(of: $0) == name }) else {
                faults.append("\(name): there is no such setting")
                continue
            }
            if !key.apply(&self, value) { faults.append("\(name) cannot be this") }
        }
        faults += finish()
        guard faults.isEmpty else { throw PortalConfigurationErrors(lines: faults) }
    }

    private var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// Checks the keys against each other.
    private mutating func finish() -> [String] {
        var faults: [String] = []
        if (certificatePath == nil) != (certificateKeyPath == nil) {
            faults.append("[TLS] wants both Certificate and Key")
        }
        if !hasTLS && proxies.isEmpty && !isLoopback {
            faults.append("[Server] Listen: plain HTTP on loopback alone; set [TLS], or [Proxy] Addresses")
        }
        if origin == nil && (!isLoopback || hasTLS || !proxies.isEmpty) {
            faults.append("[Server] Origin is missing")
        }
        if let origin, origin.isSecure != (hasTLS || !proxies.isEmpty) {
            faults.append("[Server] Origin: https goes with [TLS] or [Proxy], and http with neither")
        }
        switch given {
        case (nil, nil, nil): break
        case (let version?, let accept?, let decline?):
            do {
                statement = try PortalRules.checked(PortalStatement(version: version, accept: accept, decline: decline))
            } catch let error as InvalidDeclaration {
                faults.append("[Statement] \(error.field.rawValue): \(error.reason.rawValue)")
            } catch {
                faults.append("[Statement] cannot be used")
            }
        default: faults.append("[Statement] wants Version, Accept and Decline together")
        }
        return faults
    }
}
