// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import EOnayCore
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import PortalContract
import SystemBasics
import Texts

/// The pages' templates, embedded in the program, compiled once for each language.
///
/// Source texts stand in them as `[[English text]]`, or `[[Text with %1|argument]]`. They are translated before the
/// template is compiled, so that nothing is looked up while a page is rendered.
struct PageTemplates: Sendable {
    /// The pages, each a template of its name.
    enum Page: String, CaseIterable {
        case home, nes, password, login, code, confirm, elsewhere, choice, result, account, applications, problem
    }

    private let libraries: [Language: MustacheLibrary]
    /// The bar of the five steps, with each of them as the current one. It is half of a page's work, so it is kept.
    private let stepBars: [Language: [String]]

    init() throws {
        var libraries: [Language: MustacheLibrary] = [:]
        var stepBars: [Language: [String]] = [:]
        for language in Language.allCases {
            let texts = Texts(language)
            var library = MustacheLibrary()
            try library.register(Self.translated(PackageResources.layout_mustache, texts), named: "layout")
            try library.register(Self.translated(PackageResources.steps_mustache, texts), named: "steps")
            for page in Page.allCases {
                try library.register(Self.translated(Self.source(of: page), texts), named: page.rawValue)
            }
            libraries[language] = library
            stepBars[language] = (0..<5).map { library.render(StepBar(current: $0, texts), withTemplate: "steps")! }
        }
        self.libraries = libraries
        self.stepBars = stepBars
    }

    /// The bar of the five steps, from 0 to 4, with the current one marked; HTML.
    func stepBar(_ current: Int, in language: Language) -> String { stepBars[language]![current] }

    private struct StepBar {
        let steps: [Step]

        struct Step {
            let number: Int
            let name: String
            let `class`: String
            let done: Bool
            let current: Bool
        }

        init(current: Int, _ texts: Texts) {
            let names = [
                texts.text("Identity"), texts.text("Sign in"), texts.text("Choice"), texts.text("Signature"),
                texts.text("Result"),
            ]
            steps = names.enumerated().map { place, name in
                Step(
                    number: place + 1, name: name,
                    class: place < current ? "done" : place == current ? "current" : "open", done: place < current,
                    current: place == current)
            }
        }
    }

    /// Renders a page. The template finds the properties of all the models by their names.
    func render(_ page: Page, _ models: [Any], in language: Language) -> String {
        // Every page is registered in every language.
        libraries[language]!.render(Properties(models), withTemplate: page.rawValue)!
    }

    /// The properties of several values. Mustache would reflect a value again for each name that it looks up.
    private struct Properties: MustacheParent {
        private var values: [String: Any] = [:]

        init(_ models: [Any]) {
            for property in models.flatMap({ Mirror(reflecting: $0).children }) {
                guard let name = property.label else { continue }
                let value = Mirror(reflecting: property.value)
                values[name] = value.displayStyle == .optional ? value.children.first?.value : property.value
            }
        }

        func child(named name: String) -> Any? { values[name] }
    }

    private static func source(of page: Page) -> [UInt8] {
        switch page {
        case .home: PackageResources.home_mustache
        case .nes: PackageResources.nes_mustache
        case .password: PackageResources.password_mustache
        case .login: PackageResources.login_mustache
        case .code: PackageResources.code_mustache
        case .confirm: PackageResources.confirm_mustache
        case .elsewhere: PackageResources.elsewhere_mustache
        case .choice: PackageResources.choice_mustache
        case .result: PackageResources.result_mustache
        case .account: PackageResources.account_mustache
        case .applications: PackageResources.applications_mustache
        case .problem: PackageResources.problem_mustache
        }
    }

    /// The template with each `[[…]]` in the language.
    private static func translated(_ template: [UInt8], _ texts: Texts) -> String {
        String(decoding: template, as: UTF8.self).replacing(/\[\[([^\]|]+)(?:\|([^\]]*))?\]\]/) { match in
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
