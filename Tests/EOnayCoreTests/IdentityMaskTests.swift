// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct IdentityMaskTests {
    @Test(arguments: [
        ("C=TR, serialNumber=10000000146", "C=TR, serialNumber=100********"),
        ("CN=10000000146", "CN=100********"), ("Şükrü İğdırlı 19090909018", "Şükrü İğdırlı 190********"),
        ("10000000146/19090909018", "100********/***********"), ("TR10000000146x", "TR100********x"),
        ("PNOTR-10000000146", "PNOTR-100********"), ("VKN 1234567801", "VKN 123*******"),
        ("100 000 001 46", "100 *** *** **"), ("100-000-001-46", "100-***-***-**"),
        ("١٠٠٠٠٠٠٠١٤٦", "١٠٠********"), ("１００００００01４６", "１００********"),
        ("99123456789, 12", "991********, 12"),
    ])
    func aNumberOfTenDigitsOrMoreIsMasked(text: String, masked: String) {
        #expect(IdentityMask.masked(text) == masked)
        #expect(IdentityMask.masked(masked) == masked)
    }

    @Test(arguments: ["", "Sürüm 6", "Şükrü", "SubRoot A1", "12345, 67890", "2026-11-27", "123456789"])
    func allElseStaysAsItIs(text: String) {
        #expect(IdentityMask.masked(text) == text)
    }

    @Test(arguments: [
        ("10000000146", IdentityKind.citizen), ("100********", .citizen), ("12345678910", .citizen),
        ("99000000146", .foreigner), ("990********", .foreigner), ("1234567801", .taxpayer), ("123*******", .taxpayer),
        ("PNOTR-10000000146", .citizen), ("VATTR-1234567801", .taxpayer), ("02345678910", .other),
        ("123456789", .other), ("123456789012", .other), ("ABC12345678", .other), ("TR-7", .other), ("", .none),
        ("1000000014x", .other),
    ])
    func aNumberIsOfTheKindThatItsFormSays(number: String, kind: IdentityKind) {
        #expect(IdentityKind(number) == kind)
    }
}
