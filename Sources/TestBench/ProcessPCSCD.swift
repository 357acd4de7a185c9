// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The one socket that libpcsclite uses in this process.
struct ProcessPCSCD {
    let socketPath: String
    private let folder: TemporaryFolder

    /// Tells libpcsclite where; it reads the variable at the first call and never again.
    static let shared: Result<ProcessPCSCD, any Error> = Result {
        let folder = try TemporaryFolder()
        let path = folder.file("pcscd.comm")
        setenv("PCSCLITE_CSOCK_NAME", path, 1)
        // A static value is never freed, so its folder would stay.
        atexit {
            // Nothing can be done at this point about what cannot be deleted.
            if let process = try? ProcessPCSCD.shared.get() {
                try? FileManager.default.removeItem(atPath: process.folder.path)
            }
        }
        return ProcessPCSCD(socketPath: path, folder: folder)
    }
}
