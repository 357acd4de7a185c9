// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import VirtualCard

/// A desktop session of a test's own: bus, pcscd with readers, home, and our programs in it.
///
/// Nothing of it is shared with the computer's own session, and nothing outlives the last reference.
public final class Desktop: Sendable {
    public let bus: PrivateBus
    public let pcscd: PrivatePCSCD
    public let openSC: OpenSC
    public let folder: TemporaryFolder
    /// Certifies the holders of this desktop's cards; the portal of `PortalProcess` trusts it.
    public let authority: TestAuthority
    /// The additions to every program's environment.
    public let environment: [String: String]

    /// Starts bus and pcscd.
    ///
    /// - Parameters:
    ///   - pcscdRuns: false: pcscd is prepared, and `pcscd.start()` starts it.
    ///   - locale: the programs' language.
    ///   - addresses: what the authority's certificates say of where to ask about them.
    public init(
        _ readers: PrivatePCSCD.Readers = .own(1), pcscdRuns: Bool = true, locale: String = "tr_TR.UTF-8",
        environment additions: [String: String] = [:],
        addresses: AuthorityAddresses = AuthorityAddresses()
    ) async throws {
        folder = try TemporaryFolder()
        // pcscd first: where many desktops want to start, they wait for it, and without a bus meanwhile.
        let daemon = try PrivatePCSCD(readers)
        pcscd = pcscdRuns ? try await daemon.start() : daemon
        bus = try await PrivateBus.start()
        openSC = try await OpenSC(pcscd)
        authority = try TestAuthority(now: Self.now(), addresses: addresses)
        var environment = openSC.environment.merging(bus.environment) { $1 }
        environment["HOME"] = folder.path
        for (variable, name) in [
            ("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"), ("XDG_RUNTIME_DIR", "run"),
        ] {
            environment[variable] = try folder.makeFolder(name)
        }
        for variable in ["LANG", "LC_ALL"] { environment[variable] = locale }
        for variable in ["LANGUAGE", "DISPLAY", "WAYLAND_DISPLAY"] { environment[variable] = "" }
        self.environment = environment.merging(additions) { $1 }
        try configure()
    }

    /// Writes `eonay.conf`: OpenSC's module, or these, and nothing else that is found, and what is added.
    public func configure(_ more: String = "", modules: [String]? = nil) throws {
        _ = try? folder.makeFolder("config/eonay")
        _ = try folder.write(
            "config/eonay/eonay.conf",
            """
            [Tokens]
            Modules=\((modules ?? [openSC.module]).joined(separator: ";"))
            Discover=false

            \(more)

            """)
    }

    /// Starts `eonayd` and returns when it owns its name.
    public func startService(environment additions: [String: String] = [:]) async throws -> ChildProcess {
        let service = try await start("eonayd", environment: additions)
        _ = try await service.lines.next { $0.text.hasSuffix("is ready") }
        return service
    }

    /// Starts one of our programs, or one of the system's, in this session.
    public func start(
        _ program: String, _ arguments: [String] = [], package: String? = nil,
        environment additions: [String: String] = [:],
        descriptors: [Int32: Int32] = [:]
    ) async throws -> ChildProcess {
        let path = try package.map { try Programs.find(program, package: $0) } ?? Programs.built(program)
        return try await ChildProcess.start(
            path, arguments, environment: environment.merging(additions) { $1 }, descriptors: descriptors)
    }

    /// Runs a program to its end.
    public func run(_ program: String, _ arguments: String..., package: String? = nil) async throws -> Finished {
        let path = try package.map { try Programs.find(program, package: $0) } ?? Programs.built(program)
        return try await TestBench.run(path, arguments, environment: environment)
    }

    /// Runs `busctl --user call` on the service's own object with these words, as a person types them.
    public func busctl(_ words: String...) async throws -> Finished {
        try await TestBench.run(
            Programs.find("busctl", package: "systemd"),
            ["--user", "call", "org.eonay.EOnay1", "/org/eonay/EOnay1", "org.eonay.EOnay1"] + words,
            environment: environment)
    }

    /// A card with certificates of this desktop's authority.
    public func card(
        _ model: CardDescription.Model = .akis, _ requests: [CertificateRequest] = [CertificateRequest()]
    ) throws -> CardDescription {
        CardDescription(model, contents: try requests.map { CardContent(try authority.issue($0, now: Self.now())) })
    }

    /// Seconds since 1970, UTC.
    public static func now() -> Int64 { Int64(time(nil)) }
}
