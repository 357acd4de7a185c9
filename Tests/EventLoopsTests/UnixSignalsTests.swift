// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct UnixSignalsTests {
    @Test func aSignalBecomesACallOnTheLoop() async throws {
        try await withLoop { loop in
            let resident = Resident<Int32>(loop)
            let ready = try await resident.onLoop { loop in
                let signals = try UnixSignals([SIGUSR2], on: loop) { resident.note($0) }
                // To this thread alone: the runner's other threads have not blocked the signal and would die of it.
                raise(SIGUSR2)
                return signals
            }
            #expect(await resident.events(1) == [SIGUSR2])
            await resident.onLoop { _ in ready.cancel() }
        }
    }
}
