// swift-tools-version: 6.2
// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package of its own, because its flags may not reach the one that is shipped. The libraries' sources are the same
// ones, by symbolic links. How to run it: README.md.
let fuzzed: [SwiftSetting] = [
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "eonay-fuzz",
    targets: [
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CSpawn"),
        .target(name: "SystemBasics", dependencies: ["CLinux", "CSpawn"], swiftSettings: fuzzed),
        .target(name: "EOnayCore", dependencies: ["SystemBasics"], swiftSettings: fuzzed),
        .target(name: "Signatures", dependencies: ["SystemBasics", "EOnayCore", "CCrypto"], swiftSettings: fuzzed),
        .executableTarget(
            name: "Fuzz", dependencies: ["Signatures"], swiftSettings: fuzzed,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
    ]
)
