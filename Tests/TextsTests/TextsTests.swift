// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Testing

@testable import Texts

@Suite(.timeLimit(.minutes(1)))
struct TextsTests {
    private let turkish = Texts(.turkish)
    private let english = Texts(.english)

    @Test func aTranslatedTextIsInItsLanguage() {
        #expect(turkish.text("November") == "Kasım")
        #expect(english.text("November") == "November")
    }

    @Test func aTextWithoutTranslationStaysEnglish() {
        let unknown = "never \("translated") %1"
        #expect(turkish.text(unknown, 3) == "never translated 3")
    }

    @Test func placeholdersTakeTheirArgumentsInAnyOrder() {
        #expect(Texts.fill("%2 before %1, %2", ["a", "b"]) == "b before a, b")
        #expect(Texts.fill("100 %% of %1", [7]) == "100 % of 7")
        #expect(Texts.fill("%1", ["%2"]) == "%2")
    }

    @Test func aPlaceholderWithoutArgumentIsLeftStanding() {
        #expect(Texts.fill("%1 %2 %0 %x %", ["a"]) == "a %2 %0 %x %")
        #expect(Texts.fill("%1", []) == "%1")
    }

    @Test func aCountChoosesItsForm() {
        #expect([0, 1, 2, 30].map(english.days) == ["0 days", "1 day", "2 days", "30 days"])
        #expect([0, 1, 2, 30].map(turkish.days) == ["0 gün", "1 gün", "2 gün", "30 gün"])
    }

    @Test func datesAreToldInIstanbul() {
        #expect(turkish.date(1_795_345_500) == "22 Kasım 2026 14:05")
        #expect(english.date(1_795_345_500) == "22 November 2026 14:05")
        #expect(turkish.day(1_795_345_500) == "22 Kasım 2026")
        #expect(turkish.timeOfDay(1_795_345_510) == "14:05:10")
        #expect(Texts(.english, zone: .utc).date(1_795_345_500) == "22 November 2026 11:05")
    }

    @Test func everyMonthHasItsTurkishName() {
        let names = (0..<12).map { turkish.day(1_767_225_600 + Int64($0) * 30_5 * 8640) }
        #expect(
            names.map { String($0.split(separator: " ")[1]) } == [
                "Ocak", "Ocak", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım",
                "Aralık",
            ])
        #expect(turkish.day(1_770_000_000) == "2 Şubat 2026")
    }

    @Test(arguments: [
        (0, "0 s"), (-5, "0 s"), (59, "59 s"), (60, "1 min"), (250, "4 min 10 s"), (3600, "1 h"), (3601, "1 h"),
        (7260, "2 h 1 min"), (86_400, "1 day"), (190_000, "2 days 4 h"), (172_859, "2 days"),
    ])
    func aDurationIsItsTwoLargestUnits(seconds: Int64, text: String) {
        #expect(english.duration(seconds: seconds) == text)
    }

    @Test func aDurationIsTranslated() {
        #expect(turkish.duration(seconds: 250) == "4 dk 10 sn")
        #expect(turkish.duration(seconds: 190_000) == "2 gün 4 sa")
    }

    @Test func aMarkedTextIsItself() {
        #expect(Texts.marked("Mayıs") == "Mayıs")
    }
}
