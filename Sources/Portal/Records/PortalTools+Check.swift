// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Signatures

extension PortalTools {
    /// Whether the portal could start: anchors, TLS files, key, database. Makes and changes nothing.
    public static func check(_ configuration: PortalConfiguration) -> Report {
        let parts = [checkAnchors(configuration), checkTLS(configuration), checkData(configuration)]
        return Report(lines: parts.flatMap(\.lines), isGood: parts.allSatisfy(\.isGood))
    }

    private static func checkAnchors(_ configuration: PortalConfiguration) -> Report {
        do {
            let trust = try TrustDirectory(paths: [configuration.anchorDirectory]).last
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

    /// Whether a directory can be written to, or be made where it is missing.
    private static func canMake(_ path: String) -> Bool {
        var url = URL(fileURLWithPath: path)
        while !FileManager.default.fileExists(atPath: url.path), url.path != "/" { url.deleteLastPathComponent() }
        return FileManager.default.isWritableFile(atPath: url.path)
    }
}
