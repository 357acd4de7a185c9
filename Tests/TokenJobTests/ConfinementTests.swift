// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import JobFrames
import Signatures
import SystemBasics
import Testing
import TokenBench

/// What a module may not do in its job, by a module that tries it and works all the same; what others may not do to the job.
@Suite(.timeLimit(.minutes(1)))
struct ConfinementTests {
    private func tries(confines: Bool = true, through launcher: [String] = []) throws -> [String: String] {
        let (forbidden, module) = (try Forbidden(), try VendorModule("tries"))
        let terminal = try PseudoTerminal()
        let said = try Descriptor.pipe()
        defer { close(said.reading) }
        let job = try TokenProcess(
            environment: forbidden.environment, pin: said.writing, terminal: terminal.slave, through: launcher)
        close(said.writing)
        let request = ListRequest(
            module: module.path, reader: Array(VendorModule.reader.utf8), atr: [], identitySalt: [], confines: confines)
        #expect(try job.ask(.list(request)).listed().broken == 1)
        #expect(job.finish() == 0)
        let lines = try Files.read(said.reading, upTo: 1 << 16)
        if confines, launcher.isEmpty { #expect(try Files.read(forbidden.key) == Array("secret".utf8)) }
        return Forbidden.results(String(decoding: lines, as: UTF8.self))
    }

    @Test func aModuleIsRefusedWhatItHasNoBusinessToDoAndWorksOn() throws {
        let expected = Forbidden.anywhere.merging([
            "read-driver-settings": "done", "shared-memory": "done", "hot-plug": "done", "routes": "EAFNOSUPPORT",
            "internet": "EAFNOSUPPORT", "internet-6": "EAFNOSUPPORT",
        ]) { $1 }
        #expect(try tries() == expected)
    }

    @Test func aModuleThatIsNotToBeConfinedIsNot() throws {
        let results = try tries(confines: false)
        for name in ["read-key", "write-tmp", "internet", "program", "abstract-socket"] {
            #expect(results[name] == "done", "\(name)")
        }
    }

    /// As on a kernel that was built without it, or in a container that hides it.
    @Test func withoutLandlockTheSystemCallsAreRefusedAllTheSame() throws {
        let launcher = try Scratch().path + "/without-landlock"
        try Tool("cc", package: "gcc").run(["-o", launcher, VendorModule.sources + "/../programs/without-landlock.c"])
        let results = try tries(through: [launcher])
        for name in ["read-key", "write-tmp", "abstract-socket"] { #expect(results[name] == "done", "\(name)") }
        for name in ["program", "truncate-key", "trace", "type"] { #expect(results[name] == "EPERM", "\(name)") }
        #expect(results["internet"] == "EAFNOSUPPORT")
    }

    @Test func aModuleInThePersonsFolderItselfDoesNotOpenAllOfIt() throws {
        let (forbidden, module) = (try Forbidden(), try VendorModule("tries"))
        let home = try #require(forbidden.environment["HOME"])
        try FileManager.default.copyItem(atPath: module.path, toPath: home + "/tries.so")
        let said = try Descriptor.pipe()
        defer { close(said.reading) }
        let job = try TokenProcess(environment: forbidden.environment, pin: said.writing)
        close(said.writing)
        let request = ListRequest(
            module: home + "/tries.so", reader: Array(VendorModule.reader.utf8), atr: [], identitySalt: [])
        _ = try job.ask(.list(request)).listed()
        #expect(job.finish() == 0)
        let lines = try Files.read(said.reading, upTo: 1 << 16)
        #expect(Forbidden.results(String(decoding: lines, as: UTF8.self))["read-key"] == "EACCES")
    }

    /// Read as a user without privileges: root may look everywhere.
    @Test func nobodyOfTheSameUserReadsAJobsMemoryOrEnvironment() throws {
        let user = getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups"] : []
        let job = try TokenProcess(through: user)
        _ = try job.ask(.modules(configured: [], discover: false))
        let sh = user + ["/bin/sh", "-c"]
        let tool = try Tool(user.isEmpty ? "sh" : "setpriv", package: "util-linux")
        let look = { (path: String) in
            try tool.run(Array((sh + ["head -c 1 \(path) >/dev/null 2>&1 && echo read || echo refused"]).dropFirst()))
        }
        // The same look at a process that takes no precautions.
        #expect(try look("/proc/self/environ") == Array("read\n".utf8))
        for file in ["environ", "mem", "maps", "auxv"] {
            #expect(try look("/proc/\(job.identifier)/\(file)") == Array("refused\n".utf8), "\(file)")
        }
        let limits = try String(contentsOfFile: "/proc/\(job.identifier)/limits", encoding: .utf8)
        let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ").suffix(3).dropLast() == ["0", "0"])
        #expect(job.finish() == 0)
    }

    @Test func whileAPINIsAskedForItsMemoryIsLocked() throws {
        let bench = try SoftHSM(keys: [.p256])
        let terminal = try PseudoTerminal()
        let job = try TokenProcess(
            environment: ["SOFTHSM2_CONF": bench.configuration], terminal: terminal.slave)
        _ = try job.ask(
            Requests.prepare(
                module: SoftHSM.module, reader: "",
                id: try CertificateFacts.read(der: bench.entries[0].der).id, prompt: .terminal)
        ).prepared()
        try job.send(.sign(Requests.login()))
        _ = try terminal.waitFor("PIN: ")
        // The page for the PIN comes right after the prompt.
        var locked = try job.lockedKilobytes()
        for _ in 0..<100_000 where locked < 8 {
            sched_yield()
            locked = try job.lockedKilobytes()
        }
        #expect(locked >= 8)
        terminal.type(SoftHSM.pin + "\n")
        while let reply = try job.receive() {
            guard case .progress = reply else { break }
        }
        // What held it is gone.
        #expect(try job.lockedKilobytes() == 0)
    }
}

extension TokenProcess {
    fileprivate func lockedKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmLck:") })
        return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1]))
    }
}
