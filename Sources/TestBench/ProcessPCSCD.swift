// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// The one socket that libpcsclite uses in this process, and whose turn it is to listen there.
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

    private static let turn = Mutex<(isTaken: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    static func takeTurn() async {
        await withCheckedContinuation { continuation in
            let isMine = turn.withLock { turn in
                if turn.isTaken { turn.waiting.append(continuation) }
                defer { turn.isTaken = true }
                return !turn.isTaken
            }
            if isMine { continuation.resume() }
        }
    }

    static func giveUpTurn() {
        let next = turn.withLock { turn -> CheckedContinuation<Void, Never>? in
            if turn.waiting.isEmpty { turn.isTaken = false }
            return turn.waiting.isEmpty ? nil : turn.waiting.removeFirst()
        }
        next?.resume()
    }
}
