// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Texts

/// Nothing that an error needs is missing. The compiler demands sentences and a status; these tests demand the rest.
@Suite(.timeLimit(.minutes(1)))
struct ErrorTableTests {
    private static func document(_ path: String) throws -> String {
        try String(contentsOf: SourceString.package.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func everyErrorHasItsTextsItsStatusAndItsRows() throws {
        let (english, turkish) = (Texts(.english), Texts(.turkish))
        let manuals = try ["docs/man/eonay.1", "docs/man/tr/eonay.1"].map(Self.document)
        let page = try Self.document("docs/errors.md")
        var statuses: Set<Int32> = []
        for error in ErrorName.allCases {
            let texts = english.error(error)
            for text in [texts.what, texts.remedy] {
                #expect(!text.isEmpty, "\(error) has no text")
                #expect(Catalogue.turkish.translation(of: text)?.isEmpty == false, "\(error) has no Turkish text")
            }
            #expect(statuses.insert(error.exitStatus).inserted, "the status of \(error) is another's")
            #expect(error.exitStatus == 1 || (10...125).contains(error.exitStatus), "\(error)")
            let row = error == .internal ? "\n1\tInternal," : "\n\(error.exitStatus)\t\(error.rawValue)\n"
            #expect(manuals.allSatisfy { $0.contains(row) }, "\(error) is not in eonay(1) of both languages")
            let cells = [
                error.rawValue, "\(error.exitStatus)", Self.sentences(error, english), Self.sentences(error, turkish),
            ]
            #expect(
                page.contains("| \(cells.joined(separator: " | ")) |"), "\(error) is not in docs/errors.md: make docs")
        }
    }

    @Test(arguments: ProblemName.allCases)
    func everyProblemHasItsStatusAndItsRow(_ problem: ProblemName) throws {
        let page = try Self.document("docs/errors.md")
        #expect((400...599).contains(problem.status))
        let row = "| \(problem.rawValue) | \(problem.status) | \(problem.errorName.rawValue) |"
        #expect(page.contains(row), "\(problem) is not in docs/errors.md: make docs")
    }

    private static func sentences(_ error: ErrorName, _ texts: Texts) -> String {
        let text = texts.error(error)
        return "\(text.what) \(text.remedy)"
    }
}
