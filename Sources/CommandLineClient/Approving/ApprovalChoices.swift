// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Texts

/// The options that `approve` and `sign` share.
struct ApprovalChoices: ParsableArguments {
    @Option(
        name: [.customLong("certificate"), .customShort("c")],
        help: .text(
            "The certificate: its id, or eight or more of its first digits. Without it, the one that can do it."))
    var certificate = ""

    @Option(help: .text("One of the configured portals; without it, the first."))
    var portal: String?

    @Option(help: .text("Seconds to wait for the card to be put in."))
    var wait: UInt32 = 0

    @Flag(help: .text("Ask for the T.C. Kimlik No that the card must bear, or read it from standard input."))
    var identity = false

    @Flag(help: .text("Go on although one PIN try is left."))
    var finalTry = false

    @Option(
        name: .customLong("pin-fd"), help: .text("Read the PIN from this descriptor, a line for each time it is asked.")
    )
    var pinDescriptor: Int32?

    @Flag(name: .customLong("no-prompt"), help: .text("Fail rather than ask for the PIN."))
    var neverPrompts = false

    @Flag(help: .text("Ask for the PIN on this terminal, also where a window could be shown."))
    var terminal = false

    /// Throws `Failure` for what cannot be meant together, or is no certificate's id. Not `validate()`, which the parser runs before it
    /// looks for options that nobody knows: `--acept` would be blamed on a missing `--accept`.
    func check(of command: String) throws(Failure) {
        if terminal && neverPrompts {
            throw Failure(rule: Texts.marked("--terminal and --no-prompt exclude each other."), of: command)
        }
        if pinDescriptor != nil && (terminal || neverPrompts) {
            throw Failure(rule: Texts.marked("--pin-fd goes with neither --terminal nor --no-prompt."), of: command)
        }
        if !certificate.isEmpty { try ServiceObjects.check(reference: certificate) }
    }
}
