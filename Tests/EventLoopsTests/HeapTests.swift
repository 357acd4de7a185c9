// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HeapTests {
    /// Kilobytes of the program's own code that are mapped at the moment.
    private func mappedCode() throws -> Int {
        let program = try #require(realpath("/proc/self/exe", nil).map { String(cString: $0) })
        let maps = try Files.read("/proc/self/smaps", atMost: 1 << 24)
        var (isCode, size) = (false, 0)
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1, words[1].count == 4, words[0].contains("-") {
                isCode = words[1] == "r-xp" && line.hasSuffix(program)
            } else if isCode, words[0] == "Rss:" {
                size += Int(words[1]) ?? 0
            }
        }
        return size
    }

    @Test func codeThatIsLetGoComesBackWhenItIsUsed() throws {
        let before = try mappedCode()
        LoadedCode.release()
        let after = try mappedCode()
        #expect(after > 0)
        #expect(after < before)
    }
}
