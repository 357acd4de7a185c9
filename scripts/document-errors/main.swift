// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

// Prints docs/errors.md: what a program, a script, the portal and a person each call an error.

let (english, turkish) = (Texts(.english), Texts(.turkish))

func row(_ cells: String...) -> String {
    "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
}

func sentences(_ error: ErrorName, detail: String = "", _ texts: Texts) -> String {
    let text = texts.error(error, detail: detail)
    return "\(text.what) \(text.remedy)"
}

print(
    """
    # Errors

    `make docs` writes this page from `ErrorName` and `ProblemName` (Sources/EOnayCore) and from `Texts`; `make check` compares it.

    ## On the bus and in `eonay`

    The name on the bus is `\(ErrorName.busPrefix)` and the name below. The status is what `eonay` exits with. A detail (`ErrorDetail` on
    the bus) narrows some errors down, and makes their sentences more exact.

    | error | status | English | Türkçe |
    |---|---|---|---|
    """)
for error in ErrorName.allCases {
    print(row(error.rawValue, "\(error.exitStatus)", sentences(error, english), sentences(error, turkish)))
}
print(
    """

    ## At the portal

    A problem's type is `\(ProblemName.urnPrefix)` and the name below (RFC 9457). The desktop reports it by the error beside it, with the
    problem's name as the detail, and says these sentences.

    | problem | HTTP | error | English | Türkçe |
    |---|---|---|---|---|
    """)
for problem in ProblemName.allCases {
    let (error, detail) = (problem.errorName, problem.rawValue)
    print(
        row(
            problem.rawValue, "\(problem.status)", error.rawValue, sentences(error, detail: detail, english),
            sentences(error, detail: detail, turkish)))
}
