// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Texts

@Suite(.timeLimit(.minutes(1)))
struct LanguageTests {
    @Test(arguments: [
        ("tr_TR.UTF-8", Language.turkish), ("tr", .turkish), ("TR", .turkish), ("tr-TR", .turkish),
        ("tr_CY@euro", .turkish), ("en_GB.UTF-8", .english), ("de_DE", .english), ("", .english),
        ("C", .english), ("C.UTF-8", .english), ("trv_TW", .english),
    ])
    func aLocaleNameGivesItsLanguage(locale: String, language: Language) {
        #expect(Language(locale: locale) == language)
    }

    @Test(arguments: [
        ([:], Language.english),
        (["LANG": "tr_TR.UTF-8"], .turkish),
        (["LANG": "en_US.UTF-8", "LC_MESSAGES": "tr_TR.UTF-8"], .turkish),
        (["LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "tr_TR.UTF-8"], .turkish),
        (["LC_ALL": "", "LC_MESSAGES": "", "LANG": "tr_TR"], .turkish),
        (["LC_ALL": "C", "LANG": "tr_TR"], .english),
        (["LC_TIME": "tr_TR"], .english),
        (["LANG": "en_US.UTF-8", "LANGUAGE": "tr"], .turkish),
        (["LANG": "tr_TR.UTF-8", "LANGUAGE": "en:tr"], .english),
        (["LANG": "tr_TR.UTF-8", "LANGUAGE": "de:fr:tr:en"], .turkish),
        (["LANG": "tr_TR.UTF-8", "LANGUAGE": "de"], .turkish),
        (["LANG": "tr_TR.UTF-8", "LANGUAGE": ""], .turkish),
        (["LANG": "C", "LANGUAGE": "tr"], .english),
        (["LANG": "POSIX", "LANGUAGE": "tr"], .english),
        (["LANGUAGE": "tr"], .english),
    ])
    func theEnvironmentIsReadInGettextsOrder(environment: [String: String], language: Language) {
        #expect(Language.from(environment: environment) == language)
    }

    @Test func pluralFormsFollowTheirLanguage() {
        #expect([0, 1, 2, 101].map(Language.english.pluralForm) == [1, 0, 1, 1])
        #expect([0, 1, 2, 101].map(Language.turkish.pluralForm) == [0, 0, 1, 1])
    }
}
