// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench

/// A pinentry whose person is the test: it shows what it was told to show, and waits for an answer.
///
/// A shell script between two FIFOs. Both are also held open here, so that neither side waits for the other to open it.
final class FakePinentry: Sendable {
    /// The program, for `[Prompt] Pinentry`.
    let path: String
    /// The commands that the program received.
    private let heard: ChildProcess
    private let answers: FileHandle

    init(in desktop: Desktop) async throws {
        let (said, typed) = (desktop.folder.file("pinentry-said"), desktop.folder.file("pinentry-typed"))
        for fifo in [said, typed] where mkfifo(fifo, 0o600) != 0 { throw CocoaError(.fileWriteUnknown) }
        path = try desktop.folder.write(
            "pinentry",
            """
            #!/bin/sh
            # A pinentry of a test: no window, answers from a FIFO.
            exec 3>>'\(said)'
            echo "PID $$" >&3
            echo 'OK here'
            while IFS= read -r line; do
                echo "$line" >&3
                case "$line" in
                GETPIN*)
                    IFS= read -r pin <'\(typed)' || exit 1
                    if [ "$pin" = cancel ]; then echo 'ERR 83886179 cancelled'; else echo "D $pin"; echo OK; fi ;;
                CONFIRM*)
                    IFS= read -r word <'\(typed)' || exit 1
                    if [ "$word" = cancel ]; then echo 'ERR 83886179 cancelled'; else echo OK; fi ;;
                'GETINFO flavor') echo 'D gtk2'; echo OK ;;
                BYE*) echo OK; exit ;;
                *) echo OK ;;
                esac
            done

            """)
        chmod(path, 0o700)
        heard = try await ChildProcess.start("/bin/sh", ["-c", "exec cat <>'\(said)'"])
        answers = try FileHandle(forUpdating: URL(filePath: typed))
    }

    /// Returns when the person is being asked.
    func asked() async throws { try await heard.lines.next { $0.text.hasPrefix("GETPIN") } }

    /// Returns when the program that was started last is gone.
    func closed() async throws {
        let pid = heard.lines.all.last { $0.text.hasPrefix("PID ") }?.text.dropFirst("PID ".count) ?? ""
        if let pid = Int32(pid) { try await Processes.ended(pid) }
    }

    /// The questions so far, in order: "CONFIRM" and "GETPIN".
    var questions: [String] { heard.lines.all.map(\.text).filter { ["CONFIRM", "GETPIN"].contains($0) } }

    /// The number of times that the person was asked so far.
    var entries: Int { heard.lines.all.count { $0.text.hasPrefix("GETPIN") } }

    /// The text that was shown last, line by line.
    var shown: [String] {
        let last = heard.lines.all.last { $0.text.hasPrefix("SETDESC ") }?.text.dropFirst("SETDESC ".count) ?? ""
        return last.removingPercentEncoding?.components(separatedBy: "\n") ?? []
    }

    /// Answers the question that is open, or the next one.
    func type(_ pin: String) { answers.write(Data("\(pin)\n".utf8)) }

    /// Closes the window.
    func cancel() { type("cancel") }
}

extension Substring {
    fileprivate var removingPercentEncoding: String? { String(self).removingPercentEncoding }
}

extension FakePinentry {
    /// A desktop whose service has a portal and asks for PINs by such a pinentry.
    static func desktopWithPortal() async throws -> (desktop: Desktop, portal: TestPortal, pinentry: FakePinentry) {
        // A prompt needs a display to show itself on; its name does not matter here.
        let desktop = try await Desktop(environment: ["DISPLAY": ":99"])
        let portal = try await desktop.startPortal()
        let pinentry = try await FakePinentry(in: desktop)
        try desktop.configure(
            "[Prompt]\nPinentry=\(pinentry.path)\n\n[Portal \"deneme\"]\nOrigin=\(portal.origin)\n")
        return (desktop, portal, pinentry)
    }
}
