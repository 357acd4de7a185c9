// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import EOnayCore
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import PortalContract
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
    /// The bar of the five steps, with each of them as the current one: rendered once, since it is half of a page's work.
    private let stepBars: [Language: [String]]

    init() throws {
        var libraries: [Language: MustacheLibrary] = [:]
        var stepBars: [Language: [String]] = [:]
        for language in Language.allCases {
            let texts = Texts(language)
            var library = MustacheLibrary()
            try library.register(Self.translated(Self.source(PackageResources.layout_mustache), texts), named: "layout")
            for page in Page.allCases {
                try library.register(Self.translated(Self.source(of: page), texts), named: page.rawValue)
            }
            try library.register(Self.translated(Self.source(PackageResources.steps_mustache), texts), named: "steps")
            libraries[language] = library
            stepBars[language] = (0..<5).map { library.render(["each": Self.steps($0, texts)], withTemplate: "steps")! }
        }
        self.libraries = libraries
        self.stepBars = stepBars
    }

    /// The bar of the five steps, from 0 to 4, with the one that a page is; HTML.
    func stepBar(_ current: Int, in language: Language) -> String { stepBars[language]![current] }

    private static func steps(_ current: Int, _ texts: Texts) -> [[String: Any]] {
        let names = [
            texts.text("Identity"), texts.text("Sign in"), texts.text("Choice"), texts.text("Signature"),
            texts.text("Result"),
        ]
        return names.enumerated().map { place, name in
            var step: [String: Any] = ["number": place + 1, "name": name, "class": "open"]
            if place < current {
                step["class"] = "done"
                step["done"] = true
            } else if place == current {
                step["class"] = "current"
                step["current"] = true
            }
            return step
        }
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

/// The style sheet, the script and the icon: files of the site's own, embedded in the program.
enum Assets {
    static func add(to router: Router<PortalContext>) {
        let files: [(name: String, type: String, bytes: [UInt8])] = [
            ("portal.css", "text/css; charset=utf-8", PackageResources.portal_css),
            ("portal.js", "text/javascript; charset=utf-8", PackageResources.portal_js),
            ("icon.svg", "image/svg+xml", PackageResources.icon_svg),
        ]
        for file in files {
            let tag = "\"" + Base64.encodeURL(Array(SHA256.hash(data: file.bytes)).prefix(12)) + "\""
            let body = ByteBuffer(bytes: file.bytes)
            router.get(RouterPath("/assets/" + file.name)) { request, _ in
                let headers: HTTPFields = [.contentType: file.type, .cacheControl: "public, max-age=600", .eTag: tag]
                if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
            }
        }
    }
}
