// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import TokenBench
import VirtualCard

/// A vendor module's output reaches nobody, and variables that make it print more do not reach the module.
@Suite(.timeLimit(.minutes(1)))
struct ModuleOutputTests {
    /// Variables that a session may have set while somebody looked for a fault.
    private static let loud = [
        "OPENSC_DEBUG": "9", "OPENSC_CONF": "/nonexistent", "PKCS11SPY": "/nonexistent.so",
        "PKCS11SPY_OUTPUT": "/nonexistent/out",
        "P11_KIT_DEBUG": "all", "SOFTHSM2_CONF": "/nonexistent", "MALLOC_CHECK_": "3", "MALLOC_PERTURB_": "1",
        "GLIBC_TUNABLES": "glibc.malloc.check=3", "SSLKEYLOGFILE": "/nonexistent/keys", "OPENSSL_CONF": "/nonexistent",
        "GTK_MODULES": "none", "LIBCCID_ifdLogLevel": "0x000F",
    ]

    /// Has the bench's OpenSC write down everything, the card's commands among it, as an administrator may have set it up.
    private func makeLoud(_ desktop: Desktop) throws {
        let folder = (desktop.openSC.module as NSString).deletingLastPathComponent
        try Data(
            "app default { debug = 9; debug_file = stderr; card_drivers = old, internal; framework pkcs15 { use_file_caching = no; } }\n"
                .utf8
        ).write(to: URL(fileURLWithPath: folder + "/opensc.conf"))
    }

    /// Puts a module between the bench's and OpenSC's own.
    private func put(_ lies: String..., into desktop: Desktop) throws {
        let folder = (desktop.openSC.module as NSString).deletingLastPathComponent
        let link = folder + "/opensc.so"
        let lying = try LyingModule(over: try FileManager.default.destinationOfSymbolicLink(atPath: link), in: folder)
        try lying.tell(lies)
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: lying.path)
    }

    /// The service's own lines and nothing else, and not the PIN.
    private func expectSilence(_ service: ChildProcess, pin: String) {
        let foreign = service.lines.all.map(\.text).filter { !$0.hasPrefix("eonayd: ") }
        #expect(foreign.isEmpty, "\(foreign.prefix(3))")
        let hexadecimal = pin.utf8.map { String($0, radix: 16) }.joined(separator: " ")
        #expect(!service.lines.all.contains { $0.text.contains(pin) || $0.text.contains(hexadecimal) })
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func openSCsOwnLogGoesNowhere(model: CardDescription.Model) async throws {
        let bench = try await ApprovalBench(model, [.of(model)])
        try makeLoud(bench.desktop)
        try await bench.restartService(environment: Self.loud)
        try await bench.bus.until {
            try await $0.objects("Certificate").values.contains { $0["Present"]?.bool == true }
        }
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        expectSilence(bench.service, pin: bench.card.pin)
        await bench.stop()
    }

    @Test func aModuleThatPrintsThePINTensOfThousandsOfTimesIsNotHeldUp() async throws {
        let bench = try await ApprovalBench()
        try put(
            "C_Login print 40000 the PIN is \(bench.card.pin)", "C_Initialize print 40000 hello", into: bench.desktop)
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        expectSilence(bench.service, pin: bench.card.pin)
        await bench.stop()
    }

    @Test func aModuleIsGivenNamedVariablesAlone() async throws {
        let module = try VendorModule("tells-environment")
        let told = try module.file(".environment")
        let desktop = try await Desktop()
        _ = try desktop.folder.write("config/eonay/eonay.conf", "[Tokens]\nModules=\(module.path)\nDiscover=false\n")
        let bench = try await ServiceBench(
            on: desktop, environment: Self.loud.merging(["DISPLAY": ":99", "XAUTHORITY": "/nonexistent"]) { $1 })
        let card = try await bench.insert()
        try await bench.token()
        let names = Set(
            try String(contentsOfFile: told, encoding: .utf8).split(separator: "\n").map(
                String.init))
        // These two say where a module's own settings lie, and are let through.
        #expect(names.isDisjoint(with: Set(Self.loud.keys).subtracting(["OPENSC_CONF", "SOFTHSM2_CONF"])))
        for name in [
            "PATH", "HOME", "LANG", "LC_ALL", "DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR",
            "PCSCLITE_CSOCK_NAME",
        ] {
            #expect(names.contains(name))
        }
        // The tests' own surroundings are full of other things.
        #expect(names.count <= 24, "\(names.sorted())")
        try await card.remove()
    }

    @Test func aDiagnosisShowsWhatIsNobodysAndNothingElse() async throws {
        let desktop = try await Desktop(locale: "C.UTF-8")
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await bench.token()
        try makeLoud(desktop)
        let shown = try await desktop.run("eonay", "tokens", "--diagnose", desktop.openSC.module).check()
        #expect(shown.text.contains("Certificates that the driver shows: 1"))
        #expect(shown.text.hasPrefix("The driver is confined by Landlock "))
        #expect(shown.text.contains("sc_"))
        #expect(shown.lines.count <= 210)
        let bytes = Holder.sukru.identity.utf8.map { String($0, radix: 16) }
        for secret in [Holder.sukru.identity, card.pin, bytes.joined(), bytes.joined(separator: " "), "00 A4", "3F00"]
            + Holder.sukru.name.split(separator: " ").map(String.init)
        {
            #expect(!shown.text.contains(secret))
        }
        let nothing = try await desktop.run("eonay", "tokens", "--diagnose", "/nonexistent.so", "--json")
        #expect(nothing.text.contains(#""printed":[]"#))
        try await card.remove()
    }
}
