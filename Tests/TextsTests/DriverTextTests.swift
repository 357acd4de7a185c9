// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Texts

@Suite(.timeLimit(.minutes(1)))
struct DriverTextTests {
    private let english = Texts(.english)
    private let turkish = Texts(.turkish)

    @Test func aCardWithoutADriverIsToldByItsFamilyWithPackageAndPage() {
        let text = english.cardError(.noModule, of: .akis)
        #expect(text.what == "This is an AKİS card, and its driver is not installed.")
        #expect(
            text.remedy == "Install AKİA 6.8.10 (package akia): https://akiskart.bilgem.tubitak.gov.tr/tr/destek/")
        #expect(turkish.cardError(.noModule, of: .akis).what == "Bu bir AKİS kartı ve sürücüsü kurulu değil.")
        #expect(english.cardError(.noModule, of: .eToken).what.hasPrefix("This is a SafeNet eToken card"))
    }

    @Test func aRefusedApprovalNamesTheDriverByTheDetailOfItsError() {
        #expect(english.error(.noModule, detail: "akis") == english.cardError(.noModule, of: .akis))
        #expect(english.error(.noModule, detail: "no family") == english.error(.noModule))
        #expect(english.cardError(.noModule) == english.error(.noModule))
    }

    @Test(arguments: CardFamily.allCases) func everyFamilyHasARemedy(_ family: CardFamily) {
        for texts in [english, turkish] {
            #expect(texts.missingDriver(family).remedy.contains(family.driver?.name ?? "no driver"))
            #expect(texts.readWithoutDriver(family).contains(family.driver?.name ?? "no driver"))
        }
    }

    @Test(arguments: [
        (
            "libssl.so.1.1: cannot open shared object file: No such file or directory",
            "The library libssl.so.1.1 is missing."
        ),
        ("wrong ELF class: ELFCLASS32", "The version for 32-bit programs is installed; install the one for 64 bits."),
        ("wrong ELF machine: aarch64", "The version for another kind of processor is installed: aarch64."),
        ("cannot open shared object file: No such file or directory", ""), ("invalid ELF header", ""),
        ("/lib/x.so: version `GLIBC_2.99' not found (required by /lib/y.so)", ""), ("", ""),
    ])
    func theLoadersReasonIsPutIntoWords(_ reason: String, _ words: String) {
        #expect(english.loading(reason) == (words.isEmpty ? reason : words))
        #expect(words.isEmpty || turkish.loading(reason) != words)
    }
}
