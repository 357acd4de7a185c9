// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Foundation
import TestBench
import Testing

/// The XML in dbus/ is the contract; what the service introspects to must be the same.
@Suite(.timeLimit(.minutes(1)))
struct ContractXMLTests {
    static let contract = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "dbus/org.eonay.EOnay1.xml")

    static let interfaces: [any BusInterface.Type] = [
        ServiceInterface.self, TokenInterface.self, CertificateInterface.self, ApprovalInterface.self,
        PINOperationInterface.self, ApplicationInterface.self,
    ]

    @Test func theInterfacesIntrospectToTheContract() throws {
        let contract = try canonical(String(contentsOf: Self.contract, encoding: .utf8))
        let introspected = try canonical(Introspection.document(Self.interfaces))
        #expect(contract == introspected)
    }

    @Test func theContractsErrorsAreThoseOfItsHeadComment() throws {
        let text = try String(contentsOf: Self.contract, encoding: .utf8)
        let list = try #require(text.firstRange(of: "Errors, all under org.eonay.EOnay1.Error."))
        let end = try #require(text[list.upperBound...].firstRange(of: "-->"))
        let names = text[list.upperBound..<end.lowerBound].split { $0.isWhitespace }.map(String.init)
        #expect(names.sorted() == ErrorName.allCases.map(\.rawValue).sorted())
    }

    @Test func theContractNamesEachOptionWithItsType() throws {
        let text = try String(contentsOf: Self.contract, encoding: .utf8)
        for option in ApprovalOption.allCases { #expect(text.contains("\(option.rawValue) (\(option.type)")) }
        for option in HistoryOption.allCases { #expect(text.contains("\(option.rawValue) (\(option.type)")) }
    }

    @Test func theContractNamesEachKeyOfAListWithItsType() throws {
        let text = try String(contentsOf: Self.contract, encoding: .utf8)
        func keys<Key: ListKey>(_: Key.Type, after method: String) throws {
            let start = try #require(text.firstRange(of: "\(method):\n")).upperBound
            let comment = text[start...].prefix(upTo: try #require(text[start...].firstRange(of: "-->")).lowerBound)
            for key in Key.allCases { #expect(comment.contains("\(key.rawValue) (\(key.type))"), "\(method)") }
        }
        try keys(CertificateKey.self, after: "ListCertificates")
        try keys(DecisionKey.self, after: "ListHistory")
        let properties = CertificateInterface.Property.allCases.map(\.rawValue)
        #expect(Set(properties).isDisjoint(with: CertificateKey.allCases.map(\.rawValue)))
    }

    /// One line for each element: what it is, its attributes sorted; no comments, doctype or layout. The outer node's own name is
    /// left out, since a running service does not tell it.
    private func canonical(_ document: String) throws -> [String] {
        let xmllint = try Process.beginning(
            "/usr/bin/xmllint", ["--nonet", "--noblanks", "--c14n", "-"], package: "libxml2-utils")
        let input = Pipe()
        let output = Pipe()
        xmllint.standardInput = input
        xmllint.standardOutput = output
        try xmllint.run()
        // The doctype names a file on the net, which xmllint would fetch for the canonical form.
        let start = try #require(document.firstRange(of: "<node"))
        try input.fileHandleForWriting.write(contentsOf: Data(document[start.lowerBound...].utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: try #require(try output.fileHandleForReading.readToEnd()), as: UTF8.self)
        xmllint.waitUntilExit()
        try #require(xmllint.terminationStatus == 0)
        return text.replacing(/<!--[^>]*-->/.dotMatchesNewlines(), with: "").split(separator: "<")
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
            .map { $0.hasPrefix("node") ? "node>" : $0 }
    }
}
