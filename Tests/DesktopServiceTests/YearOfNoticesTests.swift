// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import Foundation
import JobFrames
import Testing
import Texts

@testable import DesktopService

/// A person's life with a card and the one that follows it, as the notices tell it.
///
/// `Tests/Fixtures/notices/tr.txt` and `en.txt` hold every notice. Read them as somebody who receives them; `EONAY_WRITE_NOTICES=1` writes them anew.
@Suite(.timeLimit(.minutes(2)))
struct YearOfNoticesTests {
    private static let day = Validity.day
    /// The old card's last second: 22 November 2026, 10:00:00 in Turkey.
    private static let end: Int64 = 1_795_330_800
    private static let start = end - 100 * day
    private static let issuer = "Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6"

    private static func card(_ letter: Character, from begin: Int64, to end: Int64) -> TokenDescription {
        var certificate = CertificateDescription.ending(String(repeating: letter, count: 64))
        (certificate.issuer, certificate.notBefore, certificate.notAfter) = (issuer, begin, end)
        return TokenDescription(
            label: "", manufacturer: "", model: "", pinState: .ok, protectedAuthenticationPath: false,
            certificates: [certificate], broken: 0)
    }

    @Test(arguments: Language.allCases)
    func fourHundredDaysWithTwoCertificates(_ language: Language) async throws {
        let bench = try await ServiceBench(at: Self.start, language: language)
        var story = Story(bench, language: language, start: Self.start)
        let (end, day) = (Self.end, Self.day)
        try await story.insert(Self.card("a", from: end - 1095 * day, to: end), as: "a")
        try await story.take("a")
        // The courier brought the new one. It begins with the old one's last second, as Kamu SM renews.
        try await story.live(until: end - 2 * day)
        try await story.insert(Self.card("b", from: end, to: end + 365 * day), as: "b")
        try await story.take("b")
        try await story.live(until: end + 10 * day)
        // Both are put in, one after the other: their dates tell them apart.
        for (letter, begin, end) in [("a", end - 1095 * day, end), ("b", end, end + 365 * day)]
            as [(Character, Int64, Int64)]
        {
            try await story.insert(Self.card(letter, from: begin, to: end), as: letter)
            try await story.take(letter)
        }
        try await story.live(until: Self.start + 400 * day)
        await bench.stop()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Fixtures/notices/\(language.rawValue).txt")
        if ProcessInfo.processInfo.environment["EONAY_WRITE_NOTICES"] != nil {
            try story.text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(story.text == (try String(contentsOf: file, encoding: .utf8)))
    }
}

/// The notices in the order in which they were shown, with the day of each.
private struct Story {
    private let bench: ServiceBench
    private let texts: Texts
    private let start: Int64
    private var shown = 0
    private var insertions: UInt64 = 0
    private(set) var text = ""

    init(_ bench: ServiceBench, language: Language, start: Int64) {
        (self.bench, texts, self.start) = (bench, Texts(language), start)
    }

    mutating func insert(_ card: TokenDescription, as letter: Character) async throws {
        insertions += 1
        bench.jobs.playAll(card)
        bench.watcher.show(.present(atr: [0x3B], insertion: insertions))
        try await bench.until { try await $0.token("Certificates", of: insertions)?.elements?.count == 1 }
        try await tell("card \(letter) is put in")
    }

    mutating func take(_ letter: Character) async throws {
        bench.watcher.show(CardPresence.none)
        try await bench.until { try await $0.token("Certificates", of: insertions) == nil }
        try await tell("card \(letter) is taken out")
    }

    /// Sleeps from one wake-up to the next, as the alarm says.
    mutating func live(until last: Int64) async throws {
        while let next = bench.alarm.instant, next <= last {
            bench.alarm.set(now: next)
            await bench.onLoop { [bench] in bench.alarm.ring() }
            try await tell("")
        }
        bench.alarm.set(now: last)
    }

    /// What is written down before a snooze is answered has been shown, if it was to be.
    private mutating func tell(_ event: String) async throws {
        for _ in 0..<3 { try await bench.call(.snooze, .string(String(repeating: "a", count: 64)), .int64(0)) }
        let now = bench.alarm.now()
        let notices = bench.presenter.shown.dropFirst(shown)
        shown += notices.count
        guard !event.isEmpty || !notices.isEmpty else { return }
        text += "Day \((now - start) / Validity.day), \(texts.date(now))\(event.isEmpty ? "" : ": \(event)")\n"
        for notice in notices {
            text += "  \(notice.urgency): \(notice.summary)\n"
            for line in notice.body.split(separator: "\n") { text += "    \(line)\n" }
            if !notice.actions.isEmpty {
                text += "    " + notice.actions.map { "[\($0.label)]" }.joined(separator: " ") + "\n"
            }
        }
    }
}
