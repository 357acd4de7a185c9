// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import TestBench
import Testing

@testable import DesktopService

/// The folders of modules, with real files and a clock that the test moves.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct ModuleFoldersTests {
    @Test func aDriverThatIsInstalledIsLookedAtOnceItRests() async throws {
        let folder = try TemporaryFolder()
        let scheduler = ManualScheduler()
        let (stream, continuation) = AsyncStream<Bool>.makeStream()
        let folders = ModuleFolders(on: ServiceLoop.loop, scheduler: scheduler, log: Log { _ in }) {
            continuation.yield($0)
        }
        folders.watch([try folder.makeFolder("modules")])
        var changes = stream.makeAsyncIterator()
        try folder.write("modules/readme.txt", "")
        try folder.write("modules/driver.so", "")
        #expect(await changes.next() == false)
        #expect(scheduler.next == .milliseconds(300))
        scheduler.advance(by: .milliseconds(300))
        // Some events of one write may come apart.
        while await changes.next() == false {}
        // The same folders are not watched anew, and others are watched instead.
        folders.watch([folder.file("modules")])
        folders.watch([folder.file("others")])
        folders.stop()
        #expect(scheduler.next == nil)
    }
}
