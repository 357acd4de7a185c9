// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// Drivers of cards: which one is missing, and why one that is there cannot be loaded.
extension Texts {
    /// No driver here knows this card: what it is, and what to install.
    public func missingDriver(_ family: CardFamily) -> ErrorText {
        let isVowel = family.name.first.map("AEIO".contains) == true
        return ErrorText(
            what: isVowel
                ? text("This is an %1 card, and its driver is not installed.", family.name)
                : text("This is a %1 card, and its driver is not installed.", family.name),
            remedy: installation(of: family.driver))
    }

    /// The sentences for a card that was read without its driver.
    public func readWithoutDriver(_ family: CardFamily) -> String {
        let remedy = installation(of: family.driver)
        return "\(text("It was read without its driver, and cannot sign yet.")) \(remedy)"
    }

    private func installation(of driver: CardDriver?) -> String {
        guard let driver else { return sentences(.noModule).remedy }
        if driver.page.isEmpty {
            return text("Install %1; your certification centre has it.", driver.name)
        }
        return driver.package.isEmpty
            ? text("Install %1: %2", driver.name, driver.page)
            : text("Install %1 (package %2): %3", driver.name, driver.package, driver.page)
    }

    /// Why a module cannot be loaded, in words; the loader's own where it says something else than what happens mostly.
    public func loading(_ reason: String) -> String {
        let parts = reason.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, parts[0].utf8.contains(UInt8(ascii: ".")),
            parts[1].hasPrefix(" cannot open shared object file: No such file")
        {
            return text("The library %1 is missing.", parts[0])
        }
        if reason.hasSuffix("wrong ELF class: ELFCLASS32") {
            return text("The version for 32-bit programs is installed; install the one for 64 bits.")
        }
        if let machine = Self.end(of: reason, after: "wrong ELF machine: ") {
            return text("The version for another kind of processor is installed: %1.", machine)
        }
        return reason
    }

    private static func end(of text: String, after beginning: String) -> String? {
        text.hasPrefix(beginning) ? String(text.dropFirst(beginning.count)) : nil
    }
}
