// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EventLoops
internal import JobFrames
internal import SystemBasics

/// The notifications that stand, in a file: a service that was killed leaves its bubbles on the screen, and the next one finds them.
///
/// The file holds the bus' id in its first line, then a line for each: its number, its server's name on that bus, its key. No texts.
public final class NotificationMemory: Sendable {
    private let path: String
    private let thread: BlockingThread
    // Unsafe: used on the notifier's loop alone.
    nonisolated(unsafe) private var kept = ""

    /// - Parameter thread: where the file is read and written. The file's folder may be missing; then nothing is remembered.
    public init(path: String, thread: BlockingThread) { (self.path, self.thread) = (path, thread) }

    private static let longest = 1 << 16

    /// Those that were kept on the bus with this id, by key.
    func notifications(of bus: String) async -> [String: NotificationID] {
        let path = path
        let text = await withCheckedContinuation { continuation in
            thread.post {
                let bytes = Files.beginning(of: path, atMost: Self.longest) ?? []
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first == bus else { return [:] }
        kept = text
        var found: [String: NotificationID] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard parts.count == 3, let number = UInt32(parts[0]), number != 0 else { continue }
            found[parts[2]] = NotificationID(number: number, server: parts[1])
        }
        return found
    }

    /// Keeps these, and no others; written behind, and only where they are not kept already.
    func keep(_ left: [String: NotificationID], of bus: String) {
        let lines = left.sorted { $0.key < $1.key }.map { "\($0.value.number) \($0.value.server) \($0.key)" }
        let text = ([bus] + lines.filter { !$0.contains("\n") }).joined(separator: "\n") + "\n"
        guard text != kept else { return }
        kept = text
        let path = path
        // A memory that cannot be kept costs a bubble its buttons after a crash, and nothing else.
        thread.post { try? Files.write(Array(text.utf8), to: path, mode: 0o600) }
    }
}
