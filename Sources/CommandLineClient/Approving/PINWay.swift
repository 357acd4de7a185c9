// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Glibc

/// How the PIN gets to the card.
enum PINWay: Sendable {
    /// The service shows a window (pinentry).
    case window
    case terminal(TerminalLoan)
    case descriptor(FileDescriptorHandle)
    case none

    /// - Throws: `Failure` `.usage` for a descriptor that is not open; `PinPromptUnavailable` where --terminal has none.
    init(_ choices: ApprovalChoices) throws {
        if let number = choices.pinDescriptor {
            guard let handle = FileDescriptorHandle(duplicating: number) else {
                throw Failure(
                    UsageFault(
                        problem: .closedDescriptor(number, option: "--pin-fd"), command: "eonay approve"))
            }
            self = .descriptor(handle)
        } else if choices.neverPrompts {
            self = .none
        } else if choices.terminal {
            guard let loan = TerminalLoan() else { throw Failure(.pinPromptUnavailable, detail: "/dev/tty") }
            self = .terminal(loan)
        } else if !Surroundings.hasDisplay, isatty(STDIN_FILENO) == 1, let loan = TerminalLoan() {
            // Over ssh, or on a text console.
            self = .terminal(loan)
        } else {
            self = .window
        }
    }

    var loan: TerminalLoan? {
        if case .terminal(let loan) = self { loan } else { nil }
    }

    /// What the service is told of it.
    var options: [String: Value] {
        switch self {
        case .window: [:]
        case .terminal(let loan): ["terminal": .descriptor(loan.handle)]
        case .descriptor(let handle): ["pin": .descriptor(handle)]
        case .none: ["interactive": .bool(false)]
        }
    }
}
