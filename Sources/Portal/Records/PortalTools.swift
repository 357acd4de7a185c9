// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures

/// What the commands beside `serve` do, on a data directory that may be in use.
public struct PortalTools {
    private let configuration: PortalConfiguration
    private let data: PortalData

    /// Throws where there is no database, or the key is not its own.
    public init(_ configuration: PortalConfiguration) throws {
        self.configuration = configuration
        data = try PortalData(configuration, createKey: false)
    }

    /// What a command has to tell, and whether all is well.
    public struct Report: Sendable {
        public let lines: [String]
        public let isGood: Bool
    }

    /// Whether the portal could start: key, database, anchors.
    public static func check(_ configuration: PortalConfiguration) -> Report {
        var lines: [String] = []
        var isGood = true
        do {
            let trust = try TrustDirectory(paths: [configuration.anchorDirectory]).last
            lines += trust.anchors.map { "anchor: \($0.subject.commonName ?? $0.subject.text)" }
            lines += trust.rejected.map { "not an anchor: \($0.source): \($0.reason)" }
            if trust.anchors.isEmpty {
                lines.append("\(configuration.anchorDirectory): no anchors; every certificate will be refused")
                isGood = false
            }
        } catch {
            lines.append("\(configuration.anchorDirectory): cannot be read")
            isGood = false
        }
        do {
            let data = try PortalData(configuration, createKey: true)
            lines.append("database: \(configuration.databasePath)")
            _ = data
        } catch {
            lines.append("\(error)")
            isGood = false
        }
        return Report(lines: lines, isGood: isGood)
    }

    /// Proves a record offline; `folder` takes what an outside program needs to do the same.
    public func verify(_ reference: String, exportTo folder: String?) async throws -> Report {
        guard let record = try await data.store.record(reference) else {
            return Report(lines: ["there is no record \(reference)"], isGood: false)
        }
        let trust = try TrustDirectory(paths: [configuration.anchorDirectory]).last
        let finding = try RecordVerifier(keys: data.keys, trust: trust).verify(record)
        if let folder { try export(record, to: folder) }
        let lines = finding.facts.map { "\($0.holds ? "holds" : "FAILS"): \($0.text)" }
        return Report(lines: lines + [finding.isProved ? "proved" : "not proved"], isGood: finding.isProved)
    }

    private func export(_ record: StoredRecord, to folder: String) throws {
        let contents = try ConsentContents(record, data.keys)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        try write("text.txt", Array(contents.text.utf8))
        try write("signature.p7s", contents.signature)
        for (place, certificate) in contents.chain.enumerated() { try write("certificate-\(place).der", certificate) }
        for (place, piece) in contents.revocation.evidence.enumerated() {
            switch piece {
            case .ocsp(let der): try write("revocation-\(place).ocsp", der)
            case .crl(let der): try write("revocation-\(place).crl", der)
            }
        }
    }

    /// Walks the chain.
    ///
    /// - Parameter expected: `SEQUENCE:LINK` as an earlier audit or the log told it.
    public func audit(expecting expected: String?) async throws -> Report {
        var head: ChainHead?
        if let expected {
            let parts = expected.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let sequence = Int64(parts[0]), let link = Base64.decode(String(parts[1])) else {
                return Report(lines: ["a head is SEQUENCE:LINK"], isGood: false)
            }
            head = ChainHead(sequence: sequence, link: Data(link))
        }
        let finding = try await RecordAuditor(store: data.store, keys: data.keys).audit(expecting: head)
        let place = "\(finding.head.sequence):\(Base64.encode(finding.head.link))"
        return Report(
            lines: finding.faults + ["\(finding.count) records", "head \(place)"], isGood: finding.faults.isEmpty)
    }

    /// Copies the database while it is in use. The key is not in it.
    public func backUp(to path: String) throws -> Report {
        try data.store.backUp(to: path)
        return Report(
            lines: ["copied to \(path)", "without \(configuration.keyFile), which opens it: keep that elsewhere"],
            isGood: true)
    }

    public func statistics() async throws -> Report {
        let figures = try await data.store.figures(at: SystemWallClock().now())
        return Report(
            lines: [
                "sessions\t\(figures.sessions)", "open codes\t\(figures.openCodes)",
                "identities\t\(figures.identities)", "accepted\t\(figures.accepted)",
                "declined\t\(figures.declined)", "applications\t\(figures.applications)",
                "records\t\(figures.head.sequence)",
            ], isGood: true)
    }
}
