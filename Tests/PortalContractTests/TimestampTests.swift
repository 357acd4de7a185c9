// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PortalContract
import Testing

@Suite(.timeLimit(.minutes(1))) struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_582_934_400, "2020-02-29T00:00:00Z"), (1_795_352_136, "2026-11-22T12:55:36Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func anInstantIsWrittenAndReadBack(_ seconds: Int64, _ text: String) {
        #expect(Timestamp(seconds: seconds).text == text)
        #expect(Timestamp(text)?.seconds == seconds)
    }

    @Test func aFractionIsDropped() {
        #expect(Timestamp("2026-11-22T12:55:36.987Z")?.seconds == 1_795_352_136)
    }

    @Test(arguments: [
        "", "2026-11-22", "2026-11-22T12:55:36", "2026-11-22T12:55:36+00:00", "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T12:60:00Z", "2026-11-22T12:55:60Z",
        "2026-11-22 12:55:36Z", "2026-11-22T12:55:36.Z", "2O26-11-22T12:55:36Z", "2026-11-22T12:55:36ZZ",
    ])
    func whatIsNoInstantInUTCIsRefused(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func eachDayOfFourCenturiesComesBack() {
        for day in stride(from: Int64(-25_567), to: 121_000, by: 1) {
            let timestamp = Timestamp(seconds: day * 86_400)
            #expect(Timestamp(timestamp.text) == timestamp)
        }
    }
}
