// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The one socket that libpcsclite uses in this process.
struct ProcessPCSCD {
    let socketPath: String
    private let folder: TemporaryFolder

    /// Tells libpcsclite where; it reads the variable at the first call and never again.
    static let shared = Result<ProcessPCSCD, any Error> {
        let folder = try TemporaryFolder()
        let path = folder.file("pcscd.comm")
        setenv("PCSCLITE_CSOCK_NAME", path, 1)
        return ProcessPCSCD(socketPath: path, folder: folder)
    }
}
