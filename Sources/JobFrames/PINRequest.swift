// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// Makes a job ready to give a card's PIN a new value: finds the card and a way to ask the person, and asks nobody yet.
///
/// Descriptors 4 and 5 of the job are as for `PrepareRequest`. Descriptor 4 holds two lines: the present PIN, or the PUK, and the new PIN.
public struct PINRequest: Codable, Sendable, Equatable {
    public var task: PINTask
    /// Path of the PKCS#11 module.
    public var module: String
    /// Name of the reader as PC/SC gives it: octets in no certain encoding.
    public var reader: [UInt8]
    /// `CertificateDescription.id` of a certificate that the PIN guards; it tells one of a card's PINs from another.
    public var certificateId: String
    /// How the person is asked.
    public var prompt: PINPrompt
    /// Whether the person agreed that the last try may be used, of the PIN or of the PUK.
    public var finalTry: Bool
    /// The state that the last wrong PIN left, as in `PrepareRequest`.
    public var seenPINState: PINState
    /// The same of the PUK.
    public var seenPUKState: PINState
    /// The program that asked, as "name (pid)".
    public var requester: String
    /// Locale of the texts shown, such as "tr_TR.UTF-8".
    public var locale: String
    /// The other readers with a card in them, for modules that show two readers under one name.
    public var rivals: [RivalReader]
    /// Where a pinentry can open its window; nowhere: where the job's own environment says.
    public var display: SessionDisplay
    /// Whether the module is confined; decided by the first request of a job that names one.
    public var confines: Bool

    /// Creates the value from its fields.
    public init(
        _ task: PINTask, module: String, reader: [UInt8], certificateId: String, prompt: PINPrompt,
        finalTry: Bool = false, seenPINState: PINState = .unknown, seenPUKState: PINState = .unknown,
        requester: String, locale: String, rivals: [RivalReader] = [], display: SessionDisplay = SessionDisplay(),
        confines: Bool = true
    ) {
        (self.task, self.module, self.reader, self.certificateId) = (task, module, reader, certificateId)
        (self.prompt, self.finalTry, self.requester, self.locale) = (prompt, finalTry, requester, locale)
        (self.seenPINState, self.seenPUKState) = (seenPINState, seenPUKState)
        (self.rivals, self.display, self.confines) = (rivals, display, confines)
    }
}
