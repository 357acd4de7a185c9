// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

// Prints docs/drivers.md: the drivers that are looked for, where, and how a card without one is recognised.

func row(_ cells: String...) -> String { "| " + cells.joined(separator: " | ") + " |" }

func code(_ texts: [String]) -> String { texts.map { "`\($0)`" }.joined(separator: ", ") }

print(
    """
    # Drivers

    `make docs` writes this page from `CardDriver` and `CardFamily` (Sources/EOnayCore/Cards); `make check` compares it.

    E-Onay reads cards through PKCS#11 modules: those named under `Modules` in eonay.conf(5), p11-kit's, and the files below. Each name is looked
    for in every folder of this page, in `/usr/lib`, `/usr/lib64`, `/usr/local/lib`, `/usr/local/lib64` and Debian's folder of the processor
    (`MULTIARCH`, such as `/usr/lib/x86_64-linux-gnu`), and in their folders `pkcs11`. The folders are watched: a driver that is installed is used
    for the card that is in.

    ## Files

    | driver | maker | files | Debian, Pardus, Ubuntu | Fedora | Arch |
    |---|---|---|---|---|---|
    """)
for driver in CardDriver.all {
    print(
        row(
            driver.name, driver.vendor, code(driver.files), code(driver.debian), code(driver.fedora), code(driver.arch))
    )
}
print(
    """

    ## Where they are to be had

    A driver without a page is handed out by the certification centre that gave the card.

    | driver | Debian package | page | cards |
    |---|---|---|---|
    """)
for driver in CardDriver.all {
    print(
        row(
            driver.name, driver.package, driver.page.isEmpty ? "" : "<\(driver.page)>",
            driver.families.map(\.name).joined(separator: ", ")))
}
print(
    """

    ## Cards

    The family is told by the historical bytes of the answer to reset (ISO/IEC 7816-3); a point stands for a digit that differs from card to card.
    The last column says whether the certificates can be read without a driver; a signature needs the driver in any case. That is done by the
    description of others (docs/decisions/0033): no real card was at hand.

    | `Family` | name | historical bytes | cards | readable without a driver |
    |---|---|---|---|---|
    """)
for pattern in CardFamily.patterns {
    print(
        row(
            "`\(pattern.family.rawValue)`", pattern.family.name, "`\(pattern.historicalBytes)`", pattern.cards,
            pattern.isReadable ? "yes" : "no"))
}
