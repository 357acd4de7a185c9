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

extension PortalConfiguration {
    /// A key of the file and of the environment. The manual page and packaging/portal.conf list the same keys with the same
    /// defaults, which a test compares.
    struct Key: Sendable {
        let group: String
        let name: String
        /// The value as the file would have it; empty for none.
        let show: @Sendable (PortalConfiguration) -> String
        /// Sets the value; false if the text is invalid.
        let set: @Sendable (inout PortalConfiguration, String) -> Bool

        /// The key's name in the environment.
        var variable: String { "\(prefix)\(group)_\(name)".uppercased() }
    }

    private static let prefix = "EONAY_PORTAL_"

    static let keys: [Key] = [
        Key(
            group: "Server", name: "Origin", show: { $0.origin?.text ?? "" },
            set: { configuration, value in
                configuration.origin = try? Origin(value)
                return configuration.origin != nil
            }),
        Key(group: "Server", name: "Listen", show: { "\($0.host):\($0.port)" }, set: { $0.setListen($1) }),
        text("Server", "DataDirectory", \.dataDirectory),
        optional("Server", "KeyFile", \.keyFilePath, show: { $0.keyFile }),
        number("Server", "Connections", \.connections, 1...1_000_000),
        number("Server", "RequestTimeout", \.requestTimeout, 1...600),
        number("Server", "DrainTimeout", \.drainTimeout, 1...600),
        word("Server", "LogLevel", \.logLevel),
        optional("TLS", "Certificate", \.certificatePath),
        optional("TLS", "Key", \.certificateKeyPath),
        Key(
            group: "TLS", name: "IncludeSubDomains", show: { "\($0.includesSubDomains)" },
            set: { configuration, value in
                configuration.includesSubDomains = Bool(value) ?? false
                return Bool(value) != nil
            }),
        Key(
            group: "Proxy", name: "Addresses", show: { $0.proxies.map(\.counted).joined(separator: " ") },
            set: { configuration, value in
                let addresses = value.split(whereSeparator: { ", ".contains($0) }).map { NetworkAddress(String($0)) }
                configuration.proxies = addresses.compactMap(\.self)
                return !addresses.isEmpty && !addresses.contains(nil)
            }),
        text("Trust", "Anchors", \.anchorDirectory),
        word("Revocation", "Policy", \.revocationPolicy),
        number("Revocation", "Timeout", \.revocationTimeout, 1...60),
        number("Codes", "Lifetime", \.codeLifetime, 30...3600),
        number("Applications", "RenewalDays", \.renewalDays, 1...1000),
        number("Limits", "Window", \.limits.window, 1...86_400),
        number("Limits", "CodesPerIdentity", \.limits.codesPerIdentity, 1...1_000_000),
        number("Limits", "CodesPerAddress", \.limits.codesPerAddress, 1...1_000_000),
        number("Limits", "UnknownCodes", \.limits.unknownCodes, 1...1_000_000),
        number("Limits", "ConnectionsPerAddress", \.connectionsPerAddress, 0...1_000_000),
        number("Limits", "EventStreams", \.eventStreams, 0...1_000_000),
        number("Limits", "EventStreamsPerAddress", \.eventStreamsPerAddress, 0...1_000_000),
        part("Version", \.given.version, show: \.statement.version),
        part("Accept", \.given.accept, show: \.statement.accept),
        part("Decline", \.given.decline, show: \.statement.decline),
    ]

    private typealias Path<Value> = WritableKeyPath<PortalConfiguration, Value> & Sendable
    private typealias Show = @Sendable (PortalConfiguration) -> String

    private static func text(_ group: String, _ name: String, _ path: any Path<String>) -> Key {
        Key(
            group: group, name: name, show: { $0[keyPath: path] },
            set: { configuration, value in
                configuration[keyPath: path] = value
                return !value.isEmpty
            })
    }

    private static func optional(
        _ group: String, _ name: String, _ path: any Path<String?>, show: Show? = nil
    ) -> Key {
        Key(
            group: group, name: name, show: show ?? { $0[keyPath: path] ?? "" },
            set: { configuration, value in
                configuration[keyPath: path] = value
                return !value.isEmpty
            })
    }

    /// A part of the statement, which is checked as a whole.
    private static func part(_ name: String, _ path: any Path<String?>, show: @escaping Show) -> Key {
        Key(
            group: "Statement", name: name, show: show,
            set: { configuration, value in
                configuration[keyPath: path] = value
                return true
            })
    }

    private static func number<Number: FixedWidthInteger & Sendable>(
        _ group: String, _ name: String, _ path: any Path<Number>, _ range: ClosedRange<Number>
    ) -> Key {
        Key(
            group: group, name: name, show: { "\($0[keyPath: path])" },
            set: { configuration, value in
                guard let number = Number(value), range.contains(number) else { return false }
                configuration[keyPath: path] = number
                return true
            })
    }

    private static func word<Word: RawRepresentable<String> & Sendable>(
        _ group: String, _ name: String, _ path: any Path<Word>
    ) -> Key {
        Key(
            group: group, name: name, show: { $0[keyPath: path].rawValue },
            set: { configuration, value in
                guard let word = Word(rawValue: value) else { return false }
                configuration[keyPath: path] = word
                return true
            })
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
            if !key.set(&self, entry.value) { faults.append("\(place): \(entry.key) cannot be this") }
        }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            guard let key = Self.keys.first(where: { $0.variable == name }) else {
                faults.append("\(name): there is no such setting")
                continue
            }
            if !key.set(&self, value) { faults.append("\(name) cannot be this") }
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
