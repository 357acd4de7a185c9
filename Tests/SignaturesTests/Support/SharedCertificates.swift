// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The nine public certificates that stand beside the checkout, in shared/certs.
enum SharedCertificates {
    static func read(_ name: String) throws -> [UInt8] {
        var candidates: [URL] = []
        if let named = ProcessInfo.processInfo.environment["EONAY_SHARED_CERTS"] {
            candidates = [URL(filePath: named)]
        } else {
            var folder = Tool.package
            for _ in 0..<3 {
                folder.deleteLastPathComponent()
                candidates.append(folder.appending(path: "shared/certs"))
            }
        }
        for folder in candidates {
            if let bytes = try? Data(contentsOf: folder.appending(path: "\(name).der")) { return Array(bytes) }
        }
        throw Tool.Failure(
            description: """
                \(name).der was not found: it is read from ../shared/certs beside this package, \
                or from the folder that EONAY_SHARED_CERTS names
                """)
    }
}
