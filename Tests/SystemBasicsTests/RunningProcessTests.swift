// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RunningProcessTests {
    @Test func aProcessThatIsGoneHasNoParentAndNoDescriptors() {
        let gone = RunningProcess(id: .max)
        #expect(gone.parent == nil)
        #expect(!gone.holdsAny(of: ["socket:[1]"]))
        #expect(gone.description == "? (\(Int32.max))")
    }

    @Test func thisProcessIsFoundWithItsProgramAndItsParent() throws {
        let own = RunningProcess(id: getpid())
        #expect(own.parent == getppid())
        #expect(own.executable?.hasPrefix("/") == true)
        #expect(own.arguments.first?.isEmpty == false)
        #expect(RunningProcess.all().contains { $0.id == own.id })
    }
}
