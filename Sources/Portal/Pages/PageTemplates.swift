// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Mustache
import Texts

/// The pages' templates, embedded in the program, compiled once for each language.
///
/// Source texts stand in them as `[[English text]]`, or `[[Text with %1|argument]]`, and are put into the language before
/// the template is compiled: at run time nothing is looked up.
struct PageTemplates: Sendable {
    /// The pages, each a template of its name.
    enum Page: String, CaseIterable {
        case home, nes, password, login, code, confirm, elsewhere, choice, result, account, applications, problem
    }

    private let libraries: [Language: MustacheLibrary]

    init() throws {
        var libraries: [Language: MustacheLibrary] = [:]
        for language in Language.allCases {
            let texts = Texts(language)
            var library = MustacheLibrary()
            try library.register(Self.translated(Self.source(PackageResources.layout_mustache), texts), named: "layout")
            for page in Page.allCases {
                try library.register(Self.translated(Self.source(of: page), texts), named: page.rawValue)
            }
            libraries[language] = library
        }
        self.libraries = libraries
    }

    func render(_ page: Page, _ model: [String: Any], in language: Language) -> String {
        // Every page is registered in every language.
        libraries[language]!.render(model, withTemplate: page.rawValue)!
    }

    private static func source(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func source(of page: Page) -> String {
        switch page {
        case .home: source(PackageResources.home_mustache)
        case .nes: source(PackageResources.nes_mustache)
        case .password: source(PackageResources.password_mustache)
        case .login: source(PackageResources.login_mustache)
        case .code: source(PackageResources.code_mustache)
        case .confirm: source(PackageResources.confirm_mustache)
        case .elsewhere: source(PackageResources.elsewhere_mustache)
        case .choice: source(PackageResources.choice_mustache)
        case .result: source(PackageResources.result_mustache)
        case .account: source(PackageResources.account_mustache)
        case .applications: source(PackageResources.applications_mustache)
        case .problem: source(PackageResources.problem_mustache)
        }
    }

    /// Puts each `[[…]]` into the language.
    static func translated(_ template: String, _ texts: Texts) -> String {
        template.replacing(/\[\[([^\]|]+)(?:\|([^\]]*))?\]\]/) { match in
            let source = String(match.output.1)
            guard let argument = match.output.2 else { return texts.text(source) }
            return texts.text(source, String(argument))
        }
    }
}
