// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SystemBasics
import Texts

/// The texts of the help, in the person's language where help is asked for.
///
/// The parser wants every command's texts at each start; looking each up in the catalogue would cost more than a call to the service.
/// So they are translated only where the arguments look as if they were going to be shown.
enum HelpTexts {
    // Unsafe: written once, before the first command is looked at, on the main thread, which is the only one.
    nonisolated(unsafe) private static var texts = Texts(.english, zone: .utc)

    static func choose(for arguments: [String]) {
        let asking: Set = ["help", "-h", "--help"]
        guard arguments.count < 2 || arguments.dropFirst().contains(where: { asking.contains($0) }) else { return }
        texts = Texts(.ofThisProcess(), zone: .utc)
    }

    static func text(_ source: String) -> String { texts.text(source) }

    static func page(_ help: String) -> HelpPage { HelpPage(help, texts) }

    /// A marked text of a complaint about the arguments, in the person's language.
    static func message(_ marked: String) -> String { Texts(.ofThisProcess(), zone: .utc).text(marked) }
}

extension ArgumentHelp {
    /// Help in the person's language.
    static func text(_ source: String) -> ArgumentHelp { ArgumentHelp(HelpTexts.text(source)) }
}
