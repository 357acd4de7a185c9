// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A running pinentry: one of the programs that GnuPG asks its passphrases with, spoken to in the Assuan protocol.
///
/// Nothing of the PIN is ever in a string: the data line is read into locked memory and unescaped from there.
public final class Pinentry: PINSource {
    /// The program's own name, such as "gnome3", "curses", "gtk2:curses"; empty for one that does not say.
    public private(set) var flavour = ""
    private let child: PinentryProcess
    /// The terminal's, before this began; a confined process could not open it later.
    private let modes: TerminalModes?
    private var unread = LockedBytes()

    /// Starts the program and tells it where it may show itself. Nothing is shown yet.
    ///
    /// Throws `unavailable` where it cannot be started, says nothing until the waiter's deadline, or has nowhere to show
    /// itself: a text program without a terminal.
    public init(program: String, surroundings: PromptSurroundings, until waiter: Waiter) throws(PromptError) {
        modes = TerminalModes(ofTerminalAt: surroundings.terminal)
        child = try PinentryProcess(program, environment: surroundings.environment)
        do throws(PromptError) {
            try check(answer(until: waiter))
            for option in surroundings.options {
                // An option that this pinentry does not know is an error it goes on after.
                _ = try exchange("OPTION", option, until: waiter)
            }
            var name = LockedBytes()
            if try exchange("GETINFO", "flavor", until: waiter, { _ = name.append($0) }) == .ok {
                flavour = name.withBytes { bytes in String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
                }
            }
        } catch {
            throw error == .timedOut ? .unavailable("pinentry is silent") : error
        }
        guard surroundings.suits(flavour) else { throw .unavailable("pinentry \(flavour) has nowhere to show itself") }
    }

    public func ask(_ text: PromptText, until waiter: Waiter) throws(PromptError) -> PIN {
        defer { modes?.restore() }
        try describe(text, until: waiter)
        try set("SETPROMPT", text.prompt + ":", until: waiter)
        var pin = PIN()
        var fits = true
        try check(exchange("GETPIN", until: waiter) { fits = pin.append($0) && fits })
        guard fits else { throw .tooLong }
        guard pin.count > 0 else { throw .cancelled }
        return pin
    }

    public func confirm(_ text: PromptText, until waiter: Waiter) throws(PromptError) {
        defer { modes?.restore() }
        try describe(text, until: waiter)
        try check(exchange("CONFIRM", until: waiter))
    }

    private func describe(_ text: PromptText, until waiter: Waiter) throws(PromptError) {
        guard text.fitsPinentry else { throw .unavailable("the text is too long for a pinentry") }
        try set("SETTITLE", text.title, until: waiter)
        // Qt's window for a PIN does not break lines: what is signed would lie beyond the screen's edge.
        try set("SETDESC", text.description(wrapped: flavour.hasPrefix("qt")), until: waiter)
        try set("SETERROR", text.warning, until: waiter)
        try set("SETOK", text.accept, until: waiter)
        try set("SETCANCEL", text.cancel, until: waiter)
        // It closes itself; what still stands a second later is killed with us. An old one without it is, too.
        _ = try exchange("SETTIMEOUT", String(max(1, waiter.secondsLeft)), until: waiter)
    }

    private func set(_ name: String, _ value: String, until waiter: Waiter) throws(PromptError) {
        try check(exchange(name, value, until: waiter))
    }

    /// Sends a command and reads to its end; data octets go to the taker.
    private func exchange(
        _ name: String, _ argument: String = "", until waiter: Waiter, _ take: (UInt8) -> Void = { _ in }
    ) throws(PromptError) -> AssuanLine.Answer {
        try child.send(AssuanLine.command(name, argument))
        return try answer(until: waiter, take)
    }

    private func answer(until waiter: Waiter, _ take: (UInt8) -> Void = { _ in }) throws(PromptError)
        -> AssuanLine.Answer
    {
        while true {
            let end = try lineEnd(until: waiter)
            let answer = unread.withBytes { bytes in
                let line = bytes.extracting(0..<end)
                let answer = AssuanLine.answer(line)
                if answer == .data { AssuanLine.unescape(line, take) }
                return answer
            }
            unread.removeFirst(end + 1)
            switch answer {
            case .ok, .error: return answer
            case .data, .other: continue
            // Nothing that we ask for needs something back.
            case .inquiry: try child.send(AssuanLine.command("CAN"))
            }
        }
    }

    /// Reads until a whole line is there.
    private func lineEnd(until waiter: Waiter) throws(PromptError) -> Int {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) { return end }
            guard unread.count <= AssuanLine.longest + 1 else { throw .unavailable("pinentry speaks no Assuan") }
            try waiter.waitUntilReadable(child.socket)
            guard unread.read(from: child.socket) > 0 else { throw .unavailable("pinentry ended") }
        }
    }

    /// gpg-error's codes for what a person did; all else is a pinentry that cannot.
    private func check(_ answer: AssuanLine.Answer) throws(PromptError) {
        switch answer {
        case .ok: return
        case .error(62): throw .timedOut
        case .error(99), .error(114), .error(198): throw .cancelled
        case .error(let code): throw .unavailable("pinentry error \(code)")
        case .data, .other, .inquiry: throw .unavailable("pinentry speaks no Assuan")
        }
    }
}
