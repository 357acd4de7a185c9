// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A way to ask a person for the PIN.
public protocol PINSource {
    /// Shows the whole text and waits for one entry. Never asks twice by itself.
    func ask(_ text: PromptText, until waiter: Waiter) throws(PromptError) -> PIN

    /// Shows the whole text and waits for an agreement: the PIN is then typed on the reader's keypad.
    func confirm(_ text: PromptText, until waiter: Waiter) throws(PromptError)
}
