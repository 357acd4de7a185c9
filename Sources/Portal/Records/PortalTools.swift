// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures
import SystemBasics

/// The commands beside `serve`, on a data directory that may be in use.
public struct PortalTools {
    private let configuration: PortalConfiguration
    private let data: PortalData

    /// Throws if there is no database, or if it has another version or another key.
    public init(_ configuration: PortalConfiguration) throws {
        self.configuration = configuration
        data = try PortalData(existing: configuration)
    }

    /// The lines that a command prints, and whether all is well.
    public struct Report: Sendable {
        public let lines: [String]
        public let isGood: Bool
    }

    /// Proves a record offline, and exports to `folder` what another program needs to do the same.
    public func verify(_ reference: String, exportTo folder: String?) async throws -> Report {
        guard let record = try await data.store.record(reference) else {
            return Report(lines: ["there is no record \(reference)"], isGood: false)
        }
        let trust = try TrustDirectory(configuration.anchorDirectory).last
        let finding = try await RecordVerifier(store: data.store, keys: data.keys, trust: trust).verify(record)
        if let folder { try await RecordExport(store: data.store, keys: data.keys).write(record, to: folder) }
        let lines = finding.facts.map { "\($0.holds ? "holds" : "FAILS"): \($0.text)" }
        return Report(lines: lines + [finding.isProved ? "proved" : "not proved"], isGood: finding.isProved)
    }

    /// Walks the chain.
    ///
    /// - Parameter expected: `SEQUENCE:LINK` from an earlier audit or the log.
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
        let advice =
            expected == nil
            ? ["that nothing was cut off at the end is proved only by --expect, with a head noted elsewhere"] : []
        return Report(
            lines: finding.faults + ["\(finding.count) records"] + advice + ["head \(place)"],
            isGood: finding.faults.isEmpty)
    }

    /// Copies the database while it is in use, whatever its version. The key is not in it.
    public static func backUp(_ configuration: PortalConfiguration, to path: String) throws -> Report {
        guard FileManager.default.fileExists(atPath: configuration.databasePath) else {
            throw PortalData.NoDatabase(path: configuration.databasePath)
        }
        let own = ["", "-wal", "-shm"].map { configuration.databasePath + $0 } + [configuration.keyFile]
        guard !own.contains(where: { isSame($0, path) }) else {
            return Report(lines: ["\(path): the portal's own file; name another place for the copy"], isGood: false)
        }
        try DatabaseCopy(source: configuration.databasePath).write(to: path)
        return Report(
            lines: ["copied to \(path)", "without \(configuration.keyFile), which opens it: keep that elsewhere"],
            isGood: true)
    }

    /// Whether two paths lead to one file; false if one of them leads nowhere.
    private static func isSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard stat(first, &one) == 0, stat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
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

extension PortalTools {
    /// Whether the portal could start: anchors, TLS files, key, database. Creates and changes nothing.
    public static func check(_ configuration: PortalConfiguration) -> Report {
        let parts = [checkAnchors(configuration), checkTLS(configuration), checkData(configuration)]
        return Report(lines: parts.flatMap(\.lines), isGood: parts.allSatisfy(\.isGood))
    }

    private static func checkAnchors(_ configuration: PortalConfiguration) -> Report {
        do {
            let trust = try TrustDirectory(configuration.anchorDirectory).last
            let lines =
                trust.anchors.map { "anchor: \($0.subject.commonName ?? $0.subject.text)" }
                + trust.rejected.map { "not an anchor: \($0.source): \($0.reason)" }
            guard trust.anchors.isEmpty else { return Report(lines: lines, isGood: true) }
            let fault = "\(configuration.anchorDirectory): no anchors; every certificate would be refused"
            return Report(lines: lines + [fault], isGood: false)
        } catch {
            let reason = String(cString: strerror(error.code))
            return Report(lines: ["\(configuration.anchorDirectory): cannot be read: \(reason)"], isGood: false)
        }
    }

    private static func checkTLS(_ configuration: PortalConfiguration) -> Report {
        guard let certificate = configuration.certificatePath, let key = configuration.certificateKeyPath else {
            return Report(lines: [], isGood: true)
        }
        do {
            _ = try TLSFiles(certificate: certificate, key: key)
            return Report(lines: ["TLS certificate: \(certificate)"], isGood: true)
        } catch {
            return Report(lines: ["\(error)"], isGood: false)
        }
    }

    private static func checkData(_ configuration: PortalConfiguration) -> Report {
        do {
            _ = try PortalData(existing: configuration)
            return Report(lines: ["database: \(configuration.databasePath)"], isGood: true)
        } catch let error as PortalData.NoDatabase {
            guard canMake(configuration.dataDirectory) else {
                return Report(lines: ["\(configuration.dataDirectory): cannot be made or written to"], isGood: false)
            }
            return Report(lines: ["\(error)"], isGood: true)
        } catch SQLitePortalStore.OtherVersion.older {
            return Report(lines: ["\(SQLitePortalStore.OtherVersion.older)"], isGood: true)
        } catch {
            return Report(lines: ["\(configuration.databasePath): \(error)"], isGood: false)
        }
    }

    /// Whether a directory can be written to, or created if it is missing.
    private static func canMake(_ path: String) -> Bool {
        var url = URL(fileURLWithPath: path)
        while !FileManager.default.fileExists(atPath: url.path), url.path != "/" { url.deleteLastPathComponent() }
        return FileManager.default.isWritableFile(atPath: url.path)
    }
}
