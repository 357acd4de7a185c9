// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import VirtualCard

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Holds a card, and puts it in and pulls it out as it is told.",
        discussion: """
            Reads commands from standard input, one a line, and ends with it: \(CardCommand.help), quit.
            Prints what happens to the card, one event a line. Without --certificate and --issue it carries one good \
            certificate of an authority of its own.
            """)

    @Option(help: "The socket of our virtual reader; the card waits for it.")
    var socket: String?

    @Option(help: "A port of vsmartcard's vpcd, instead.")
    var vpcd: UInt16?

    @Option(help: "The card: akis, akis2, piv, unknown or mute.")
    var type = CardDescription.Model.akis

    @Option(help: "Its answer to reset, in hexadecimal digits. (default: the type's)")
    var atr: AnswerToReset?

    @Option(help: "Its PIN.")
    var pin = "123456"

    @Option(help: "Wrong PINs left; three is full, zero is locked.")
    var triesLeft = 3

    @Flag(help: "Forget the PIN after each signature.")
    var pinPerSignature = false

    @Option(help: "Answer each signature so many milliseconds later.")
    var signatureDelay: Int?

    @Option(help: "Go out when the n-th APDU arrives.")
    var removeAt: Int?

    @Flag(help: "Go out when the first signature is asked for.")
    var removeInSignature = false

    @Option(help: "A certificate's file (DER, PEM, or anything), and after a colon its key's. Can be repeated.")
    var certificate: [CertificateFile] = []

    @Option(help: "Have a certificate of this kind issued (make-certificate tells them). Can be repeated.")
    var issue: [IssuedKind] = []

    @Option(help: "The folder of the authority that issues. (default: one of its own)")
    var ca: String?

    @OptionGroup var options: CertificateOptions

    @Flag(help: "Put it in at once.")
    var inserted = false

    func validate() throws {
        guard (socket == nil) != (vpcd == nil) else { throw ValidationError("Give either --socket or --vpcd.") }
    }

    func run() throws {
        let card = try VirtualCard(description(), in: reader) { Self.say($0.line) }
        if let signatureDelay { card.send(.signatureDelay(milliseconds: signatureDelay)) }
        if let removeAt { card.send(.removeAt(apdu: removeAt)) }
        if removeInSignature { card.send(.removeInSignature) }
        if inserted { card.send(.insert) }
        while let line = readLine() {
            if line == "quit" { break }
            if line.isEmpty { continue }
            guard let command = CardCommand(line: line) else {
                Self.say("not a command: \(line)")
                continue
            }
            card.send(command)
        }
        card.end()
    }

    private var reader: ReaderAddress { socket.map { .virtualReader(path: $0) } ?? .vpcd(port: vpcd ?? 0) }

    private func description() throws -> CardDescription {
        let now = currentTime()
        var contents = try certificate.map { try $0.content() }
        let kinds = issue.isEmpty && contents.isEmpty ? [.nes] : issue
        if !kinds.isEmpty, type != .unknown && type != .mute {
            let authority =
                try ca.map { try TestAuthority(folder: $0, addresses: options.addresses) }
                ?? TestAuthority(now: now, addresses: options.addresses)
            contents += try kinds.map { CardContent(try authority.issue(options.request($0, now: now), now: now)) }
        }
        var description = CardDescription(type, contents: contents, pin: pin)
        description.triesLeft = triesLeft
        description.asksPINForEachSignature = pinPerSignature
        if let atr { description.answerToReset = atr }
        return description
    }

    /// One line in one write, so that lines of two threads never mix and a reader has them at once.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        // Nobody listening any more is no reason to end: standard input says when to.
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
