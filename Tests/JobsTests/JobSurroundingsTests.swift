// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Jobs

/// The environment that a job is given, and the fate of its output.
@Suite(.timeLimit(.minutes(1)))
struct JobSurroundingsTests {
    @Test(arguments: [
        "OPENSC_DEBUG", "PKCS11SPY", "PKCS11SPY_OUTPUT", "P11_KIT_DEBUG", "P11_KIT_STRICT",
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_DEBUG", "MALLOC_TRACE", "MALLOC_PERTURB_", "MALLOC_CHECK_",
        "GLIBC_TUNABLES",
        "OPENSSL_CONF", "OPENSSL_MODULES", "SSLKEYLOGFILE", "LIBCCID_ifdLogLevel", "PCSCLITE_DEBUG", "MUSCLECARD_DEBUG",
        "GCONV_PATH",
        "G_MESSAGES_DEBUG", "GTK_MODULES", "QT_PLUGIN_PATH", "PYTHONPATH", "BASH_ENV", "ENV", "IFS", "path", "LC",
        "XLC_ALL", "",
    ])
    func noJobIsGivenAVariableThatIsNotNamed(name: String) {
        for environment in [JobEnvironment.plain, .vendorCode, .network] { #expect(!environment.allows(name[...])) }
        #expect(JobEnvironment.diagnosis.allows(name[...]) == (name == "OPENSC_DEBUG"))
        #expect(JobEnvironment.whole.allows(name[...]))
    }

    @Test func eachJobIsGivenWhatItNeeds() {
        for name in ["PATH", "HOME", "LANG", "LC_ALL", "LC_MESSAGES", "TZ"] {
            for environment in [JobEnvironment.plain, .vendorCode, .network] { #expect(environment.allows(name[...])) }
        }
        for name in [
            "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "GPG_TTY", "PCSCLITE_CSOCK_NAME",
        ] {
            #expect(JobEnvironment.vendorCode.allows(name[...]))
            #expect(!JobEnvironment.network.allows(name[...]))
        }
        #expect(JobEnvironment.network.allows("https_proxy"))
        #expect(!JobEnvironment.vendorCode.allows("https_proxy"))
    }

    @Test func theJobsOwnEnvironmentIsTheListAndTheAdditions() async throws {
        // Every variable of this test's own environment is missing unless it is on the list.
        try await withRunner { runner in
            let job = try await runner.start(
                JobProgram(path: "/bin/sh"), arguments: ["-c", framing("env | cut -d= -f1 | sort | tr '\\n' ' '")],
                environment: ["ADDED": "1"], deadline: .seconds(30))
            let names = try #require(text(try await job.receive())).split(separator: " ")
            #expect(names.contains("ADDED"))
            // The shell itself adds these.
            let rest = names.filter { !["ADDED", "PWD", "SHLVL", "OLDPWD", "_"].contains($0) }
            #expect(rest.allSatisfy { JobEnvironment.plain.allows($0) }, "\(rest)")
        }
    }

    @Test func whatAJobPrintsGoesNowhere() async throws {
        try await withRunner { runner in
            let job = try await runner.shell(
                framing("readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | tr '\\n' ' '"))
            #expect(text(try await job.receive()) == "/dev/null /dev/null /dev/null ")
            #expect(await job.ended() == .exited(0))
            #expect(await job.diagnosis() == [])
        }
    }

    @Test func aDiagnosisIsBoundedAndNeverHoldsTheJobUp() async throws {
        try await withRunner { runner in
            let job = try await runner.start(
                JobProgram(path: "/bin/sh"),
                arguments: [
                    "-c", "yes 'card is mute' | head -n 40000; echo 'no reader' >&2; head -c 3000000 /dev/zero; exit 3",
                ],
                deadline: .seconds(60), isDiagnosed: true)
            #expect(await job.ended() == .exited(3))
            let lines = await job.diagnosis()
            #expect(lines.count == MaskedOutput.mostLines + 1)
            #expect(lines.first == "card is mute")
            #expect(lines.allSatisfy { $0.count <= MaskedOutput.longestLine + 1 })
        }
    }

    @Test func aDiagnosisEndsWithTheJobAlsoWhereAChildOfItHoldsItsOutput() async throws {
        try await withRunner { runner in
            let job = try await runner.start(
                JobProgram(path: "/bin/sh"), arguments: ["-c", "echo 'card is mute'; setsid sleep 1000 & exit 0"],
                deadline: .seconds(60), isDiagnosed: true)
            #expect(await job.diagnosis() == ["card is mute"])
        }
    }

    @Test func aJobMayOpenNoMoreFilesThanBefore() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try await withRunner { runner in
            let job = try await runner.shell(framing("ulimit -Sn"))
            #expect(text(try await job.receive()) == "\(limit.rlim_cur)")
        }
    }
}
