// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A way to ask a person for the PIN.
public protocol PINSource {
    /// Shows the whole text and waits for one entry. Never asks twice by itself.
    func ask(_ text: PromptText, until waiter: Waiter) throws(PromptError) -> PIN

    /// Shows the whole text and waits for an agreement: the PIN is then typed on the reader's keypad.
    func confirm(_ text: PromptText, until waiter: Waiter) throws(PromptError)
}

/// Why no PIN came.
public enum PromptError: Error, Equatable, Sendable {
    /// The person closed the prompt, or entered nothing.
    case cancelled
    /// The deadline passed while it was open.
    case timedOut
    /// Nobody can be asked this way; the reason is for people who look into logs, and holds nothing secret.
    case unavailable(String)
    /// The caller that wanted the PIN has gone.
    case abandoned
    /// A signal that ends the process is pending; it is delivered as soon as the `Waiter` goes.
    case interrupted

    /// The entry is longer than any PIN can be.
    public static let tooLong = PromptError.unavailable("line too long")
}
