// swift-tools-version: 6.2
// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Every target of ours: a warning is an error, and nothing is imported or re-exported by accident.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A C library as Debian ships it, imported by one Swift target alone: a module map and a shim header.
func cModule(_ name: String, _ package: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CModules/\(name)", pkgConfig: package, providers: [.apt([apt])])
}

/// A C module whose pkg-config file makes SwiftPM warn (-pthread): a C target with forwarding headers (docs/decisions/0002).
func cModule(_ name: String, dependsOn dependencies: [Target.Dependency] = [], links libraries: String...) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/CModules/\(name)",
        linkerSettings: libraries.map { .linkedLibrary($0) })
}

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func program(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let server: [Target.Dependency] = [
    hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HummingbirdTLS", package: "hummingbird"), mustache, grdb,
    .product(name: "Crypto", package: "swift-crypto"), .product(name: "AsyncHTTPClient", package: "async-http-client"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
]

let package = Package(
    name: "eonay",
    products: [
        // For other programs: the contract's names, and a client and server of D-Bus (docs/integrate.md)
        .library(name: "BusContract", targets: ["BusContract", "EOnayCore"]),
        .library(name: "Bus", targets: ["Bus", "EventLoops"]),
        .library(name: "ConfiguredOpenSC", type: .dynamic, targets: ["ConfiguredOpenSC"]),
        .library(name: "VirtualReader", type: .dynamic, targets: ["VirtualReader"]),
        .library(name: "VirtualUSB", type: .dynamic, targets: ["VirtualUSB"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        // Packages that Hummingbird brings along anyway, named because the portal imports them
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
    ],
    targets: [
        // C modules, each with its one owner
        cModule("CLinux"),
        cModule("CDBus", "dbus-1", apt: "libdbus-1-dev"),
        cModule("CGLib", "gobject-2.0", apt: "libglib2.0-dev"),
        cModule("CNotify", dependsOn: ["CGLib"], links: "notify", "gio-2.0"),
        cModule("CPCSC", links: "pcsclite"),
        cModule("CSpawn"),
        cModule("CProcess"),
        cModule("CConfinement"),
        cModule("CPKCS11"),
        cModule("CCrypto", "libcrypto", apt: "libssl-dev"),
        cModule("CSQLite", "sqlite3", apt: "libsqlite3-dev"),
        cModule("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),

        // The system's basics, the rules, and the agreements between processes
        library("SystemBasics", ["CLinux", "CSpawn"]),
        library("EOnayCore", ["SystemBasics"]),
        library("Texts", ["SystemBasics", "EOnayCore"], resources: [.embedInCode("tr.po")]),
        library("JobFrames", ["SystemBasics", "EOnayCore"]),
        library("BusContract", ["Bus", "EOnayCore"]),
        library("PortalContract", ["SystemBasics", "EOnayCore"]),

        // Adapters: each wraps one outside thing
        library("EventLoops", ["SystemBasics", "CLinux"]),
        library("Bus", ["SystemBasics", "EventLoops", "CDBus"]),
        library("Cards", ["SystemBasics", "EventLoops", "CPCSC"]),
        library("CardFiles", ["SystemBasics", "CPCSC"]),
        library("Confinement", ["SystemBasics", "CConfinement"]),
        library("Jobs", ["SystemBasics", "EventLoops", "JobFrames"]),
        library("Notifications", ["SystemBasics", "EventLoops", "Bus", "Jobs", "JobFrames"]),
        library("Store", ["SystemBasics", "EventLoops", "CSQLite"]),
        library("Tokens", ["SystemBasics", "EOnayCore", "CPKCS11"]),
        library("PINEntry", ["SystemBasics", "CProcess", "Texts"]),
        library("Signatures", ["SystemBasics", "EOnayCore", "CCrypto"]),
        library("PortalClient", ["PortalContract", "CCurl"]),
        library(
            "DesktopService",
            [
                "SystemBasics", "EventLoops", "Bus", "BusContract", "Cards", "Jobs", "JobFrames", "Notifications",
                "Store", "EOnayCore",
                "Texts",
            ]),
        cModule("CVirtualCard"),
        library("VirtualCard", ["SystemBasics", "CCrypto", "CVirtualCard"]),
        .target(name: "VirtualReader", cSettings: [.headerSearchPath("forward")]),
        .target(name: "VirtualUSB"),
        .target(name: "ConfiguredOpenSC"),

        // Programs
        program(
            "eonayd",
            [
                "SystemBasics", "Confinement", "DesktopService", "EventLoops", "Bus", "BusContract", "Cards", "Jobs",
                "Notifications", "Store", "EOnayCore", "Texts",
            ]),
        library(
            "TokenJob",
            [
                "SystemBasics", "Cards", "CardFiles", "Confinement", "Tokens", "PINEntry", "Signatures", "EOnayCore",
                "JobFrames", "Texts",
            ]),
        program("eonay-token", ["TokenJob", "JobFrames"]),
        library("NotifyJob", ["JobFrames", "CGLib", "CNotify"]),
        program("eonay-notify", ["NotifyJob", "JobFrames"]),
        library(
            "CourierJob",
            [
                "SystemBasics", "Confinement", "PortalClient", "PortalContract", "EOnayCore", "Signatures", "JobFrames",
            ]),
        program("eonay-courier", ["CourierJob", "JobFrames"]),
        library(
            "CommandLineClient",
            [
                "SystemBasics", "Confinement", "EventLoops", "Bus", "BusContract", "Jobs", "JobFrames", "EOnayCore",
                "PortalContract", "Texts",
                argumentParser,
            ]),
        program("eonay", ["CommandLineClient"]),
        library(
            "Portal", ["SystemBasics", "PortalContract", "Signatures", "EOnayCore", "Texts"] + server,
            resources: [.embedInCode("Web")]),
        program("eonay-portal", ["SystemBasics", "Portal", "EOnayCore", argumentParser]),
        program("eonay-vcard", ["SystemBasics", "VirtualCard", argumentParser]),

        .executableTarget(
            name: "example-certificates", dependencies: ["Bus", "BusContract", "EventLoops"],
            path: "docs/examples/swift",
            swiftSettings: house),

        // Documents that follow from the source (make docs)
        .executableTarget(
            name: "document-errors", dependencies: ["EOnayCore", "Texts"], path: "scripts/document-errors",
            swiftSettings: house),

        .executableTarget(
            name: "document-drivers", dependencies: ["EOnayCore"], path: "scripts/document-drivers",
            swiftSettings: house),

        // Tests
        .target(name: "CTestBench", path: "Tests/Support/CTestBench"),
        .target(
            name: "TestBench", dependencies: ["SystemBasics", "VirtualCard", "CTestBench"],
            path: "Tests/Support/TestBench", swiftSettings: house),
        tests("SystemBasicsTests", ["SystemBasics", "TestBench"]),
        .target(
            name: "ManualTime", dependencies: ["EOnayCore"], path: "Tests/Support/ManualTime", swiftSettings: house),
        tests("EOnayCoreTests", ["EOnayCore", "ManualTime"]),
        .target(
            name: "PortalBench", dependencies: ["PortalClient", "EOnayCore", "TestBench"],
            path: "Tests/Support/PortalBench", exclude: ["scripted_portal.py", "portal_gate.py"], swiftSettings: house),
        tests("PortalClientTests", ["PortalClient", "PortalContract", "EOnayCore", "PortalBench", "TestBench"]),
        tests(
            "CourierJobTests",
            [
                "SystemBasics", "CourierJob", "JobFrames", "EOnayCore", "VirtualCard", "PortalBench", "TestBench",
                "TokenBench",
                "eonay-courier",
            ]),
        tests("BusContractTests", ["Bus", "BusContract", "EOnayCore", "TestBench"]),
        tests("BusTests", ["SystemBasics", "Bus", "EventLoops", "TestBench"]),
        tests("EventLoopsTests", ["SystemBasics", "EventLoops"]),
        tests("JobFramesTests", ["JobFrames", "EOnayCore"]),
        tests("CardFilesTests", ["SystemBasics", "CardFiles", "CPCSC", "VirtualCard", "TestBench"]),
        tests("CardsTests", ["SystemBasics", "Cards", "CPCSC", "TestBench", "VirtualCard"]),
        tests("JobsTests", ["Jobs", "EventLoops", "JobFrames"]),
        .executableTarget(
            name: "notifier", dependencies: ["Notifications", "EventLoops", "Bus", "Jobs", "JobFrames"],
            path: "Tests/Programs/notifier", swiftSettings: house),
        tests("NotificationsTests", ["Notifications", "JobFrames", "TestBench", "notifier", "eonay-notify"]),
        .executableTarget(
            name: "store-writer", dependencies: ["Store", "EventLoops"], path: "Tests/Programs/store-writer",
            swiftSettings: house),
        tests("StoreTests", ["Store", "EventLoops", "TestBench", "store-writer"]),
        tests("TextsTests", ["SystemBasics", "Texts", "EOnayCore"]),
        tests("PortalContractTests", ["SystemBasics", "PortalContract", "EOnayCore"]),
        .target(
            name: "TokenBench", dependencies: ["CLinux", "SystemBasics", "JobFrames", "TestBench"],
            path: "Tests/Support/TokenBench",
            swiftSettings: house),
        tests("TokensTests", ["EOnayCore", "Tokens", "TokenBench"]),
        tests("PINEntryTests", ["SystemBasics", "PINEntry", "TokenBench", "Texts"]),
        tests(
            "TokenJobTests",
            [
                "SystemBasics", "TokenJob", "EOnayCore", "JobFrames", "PINEntry", "Signatures", "TestBench",
                "TokenBench",
                "VirtualCard",
                "eonay-token",
            ]),
        tests("SignaturesTests", ["SystemBasics", "EOnayCore", "Signatures", "TestBench"]),
        tests("VirtualCardTests", ["VirtualCard", "TestBench"]),
        tests("TestBenchTests", ["VirtualCard", "TestBench"]),
        tests(
            "PortalTests",
            [
                "ManualTime", "Portal", "PortalContract", "Signatures", "SystemBasics", "EOnayCore", "TestBench",
                "Texts", "VirtualCard",
                "eonay-portal",
            ] + server),
        tests("ScreensTests", ["TestBench", "eonay-portal", "eonay-vcard"]),
        tests(
            "CommandLineClientTests",
            [
                "SystemBasics", "CommandLineClient", "Bus", "BusContract", "EOnayCore", "JobFrames", "PortalContract",
                "Texts",
                "TestBench", "TokenBench", "VirtualCard", argumentParser,
            ]),
        tests(
            "DesktopServiceTests",
            [
                "ManualTime", "DesktopService", "Bus", "BusContract", "Cards", "EOnayCore", "EventLoops", "JobFrames",
                "Jobs", "Notifications", "Store", "SystemBasics", "TestBench", "Texts",
            ]),
        .executableTarget(
            name: "acting-job", dependencies: ["EOnayCore", "JobFrames"], path: "Tests/Programs/acting-job",
            swiftSettings: house),
        tests(
            "IntegrationTests",
            [
                "ManualTime", "SystemBasics", "acting-job", "eonay-notify", "example-certificates",
                "TestBench", "TokenBench", "VirtualCard", "Bus", "EventLoops", "PortalBench", "Cards", "DesktopService",
                "EOnayCore", "Jobs", "JobFrames", "Notifications", "Store", "Texts",
            ]),
    ]
)
