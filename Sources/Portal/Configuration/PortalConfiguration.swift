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

extension PortalConfiguration {
    /// Reads a key file and the environment over it: `EONAY_PORTAL_SERVER_LISTEN` is `Listen` of `[Server]`.
    ///
    /// - Parameters:
    ///   - bytes: the file's contents; empty for none.
    ///   - path: what the file is called in errors.
    /// - Throws: `PortalConfigurationErrors`, never with a value in it.
    public init(
        bytes: [UInt8], path: String, environment: [String: String]
    ) throws(PortalConfigurationErrors) {
        self.init()
        var faults: [String] = []
        var texts = StatementTexts()
        let file = KeyFile(bytes)
        faults += file.faults.map { "\(path):\($0.line): \($0.kind.rawValue)" }
        for entry in file.entries {
            let place = "\(path):\(entry.line)"
            guard let setting = Self.settings["\(entry.group).\(entry.key)"] else {
                faults.append("\(place): there is no \(entry.key) in [\(entry.group)]")
                continue
            }
            if !setting(&self, &texts, entry.value) { faults.append("\(place): \(entry.key) cannot be this") }
        }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            guard let setting = Self.variables[name] else {
                faults.append("\(name): there is no such setting")
                continue
            }
            if !setting(&self, &texts, value) { faults.append("\(name) cannot be this") }
        }
        faults += finish(texts)
        guard faults.isEmpty else { throw PortalConfigurationErrors(lines: faults) }
    }

    private static let prefix = "EONAY_PORTAL_"

    /// The statement's parts, which only make sense together.
    private struct StatementTexts {
        var version: String?
        var accept: String?
        var decline: String?
    }

    /// Takes a value in; tells whether it could be one.
    private typealias Setting = @Sendable (inout PortalConfiguration, inout StatementTexts, String) -> Bool

    private static let variables: [String: Setting] = Dictionary(
        uniqueKeysWithValues: settings.map { name, setting in
            (prefix + name.uppercased().map { $0 == "." ? "_" : $0 }, setting)
        })

    private static let settings: [String: Setting] = [
        "Server.Origin": { configuration, _, value in
            configuration.origin = try? Origin(value)
            return configuration.origin != nil
        },
        "Server.Listen": { configuration, _, value in configuration.setListen(value) },
        "Server.DataDirectory": text(\.dataDirectory),
        "Server.KeyFile": optionalText(\.keyFilePath),
        "Server.Connections": number(\.connections, 1...1_000_000),
        "Server.RequestTimeout": number(\.requestTimeout, 1...600),
        "Server.DrainTimeout": number(\.drainTimeout, 1...600),
        "Server.LogLevel": { configuration, _, value in
            guard let level = Logger.Level(rawValue: value) else { return false }
            configuration.logLevel = level
            return true
        },
        "TLS.Certificate": optionalText(\.certificatePath),
        "TLS.Key": optionalText(\.certificateKeyPath),
        "TLS.IncludeSubDomains": { configuration, _, value in
            guard let isTold = Bool(value) else { return false }
            configuration.includesSubDomains = isTold
            return true
        },
        "Proxy.Addresses": { configuration, _, value in
            let addresses = value.split(whereSeparator: { ", ".contains($0) }).map { NetworkAddress(String($0)) }
            configuration.proxies = addresses.compactMap(\.self)
            return !addresses.isEmpty && !addresses.contains(nil)
        },
        "Trust.Anchors": text(\.anchorDirectory),
        "Revocation.Policy": { configuration, _, value in
            guard let policy = RevocationPolicy(rawValue: value) else { return false }
            configuration.revocationPolicy = policy
            return true
        },
        "Revocation.Timeout": number(\.revocationTimeout, 1...60),
        "Codes.Lifetime": number(\.codeLifetime, 30...3600),
        "Applications.RenewalDays": number(\.renewalDays, 1...1000),
        "Limits.Window": number(\.limits.window, 1...86_400),
        "Limits.CodesPerIdentity": number(\.limits.codesPerIdentity, 1...1_000_000),
        "Limits.CodesPerAddress": number(\.limits.codesPerAddress, 1...1_000_000),
        "Limits.UnknownCodes": number(\.limits.unknownCodes, 1...1_000_000),
        "Limits.ConnectionsPerAddress": number(\.connectionsPerAddress, 0...1_000_000),
        "Limits.EventStreams": number(\.eventStreams, 0...1_000_000),
        "Limits.EventStreamsPerAddress": number(\.eventStreamsPerAddress, 0...1_000_000),
        "Statement.Version": { _, texts, value in
            texts.version = value
            return true
        },
        "Statement.Accept": { _, texts, value in
            texts.accept = value
            return true
        },
        "Statement.Decline": { _, texts, value in
            texts.decline = value
            return true
        },
    ]

    private static func text(_ path: any WritableKeyPath<PortalConfiguration, String> & Sendable) -> Setting {
        { configuration, _, value in
            configuration[keyPath: path] = value
            return !value.isEmpty
        }
    }

    private static func optionalText(_ path: any WritableKeyPath<PortalConfiguration, String?> & Sendable) -> Setting {
        { configuration, _, value in
            configuration[keyPath: path] = value
            return !value.isEmpty
        }
    }

    private static func number<Number: FixedWidthInteger & Sendable>(
        _ path: any WritableKeyPath<PortalConfiguration, Number> & Sendable, _ range: ClosedRange<Number>
    ) -> Setting {
        { configuration, _, value in
            guard let number = Number(value), range.contains(number) else { return false }
            configuration[keyPath: path] = number
            return true
        }
    }

    /// `127.0.0.1:8480` or `[::1]:8480`.
    private mutating func setListen(_ value: String) -> Bool {
        guard let colon = value.lastIndex(of: ":"), let port = UInt16(value[value.index(after: colon)...]) else {
            return false
        }
        var host = value[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        self.host = String(host)
        self.port = Int(port)
        return NetworkAddress(self.host) != nil
    }

    private var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// What only the whole can tell.
    private mutating func finish(_ texts: StatementTexts) -> [String] {
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
        switch (texts.version, texts.accept, texts.decline) {
        case (nil, nil, nil): break
        case (let version?, let accept?, let decline?):
            do {
                statement = try PortalRules.checked(Statement(version: version, accept: accept, decline: decline))
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
