// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Makes a job ready to sign: finds card, certificate and a way to ask for the PIN, without asking for it yet.
///
/// Descriptor 4 of the job is the descriptor to read the PIN from, descriptor 5 the caller's terminal, where given.
public struct PrepareRequest: FrameValue {
    /// Path of the PKCS#11 module.
    public var module: String
    /// Name of the reader as PC/SC gives it: octets in no certain encoding.
    public var reader: [UInt8]
    /// `CertificateDescription.id` of the certificate to sign with.
    public var certificateId: String
    /// The identity number that the certificate must bear; nil where any will do.
    public var expectedIdentity: String?
    /// How the PIN is asked for.
    public var prompt: PINPrompt
    /// Whether the person agreed that the last try may be used.
    public var finalTry: Bool
    /// What the last wrong PIN left, where a wrong one was entered since the last right one; else `.unknown`. The card's own flags may have
    /// forgotten it.
    public var seenPINState: TokenDescription.PINState
    /// Locale of the texts shown, such as "tr_TR.UTF-8".
    public var locale: String
    /// Zone of the times shown, such as "Europe/Istanbul": the one in which the service tells times.
    public var timeZone: String
    /// The other readers with a card in them, for modules that show two readers under one name.
    public var rivals: [RivalReader]
    /// Where a pinentry can open its window; nowhere: where the job's own environment says.
    public var display: PromptDisplay

    /// Creates the value from its fields.
    public init(
        module: String, reader: [UInt8], certificateId: String, expectedIdentity: String?, prompt: PINPrompt,
        finalTry: Bool, seenPINState: TokenDescription.PINState = .unknown, locale: String, timeZone: String,
        rivals: [RivalReader] = [], display: PromptDisplay = PromptDisplay()
    ) {
        self.module = module
        self.reader = reader
        self.certificateId = certificateId
        self.expectedIdentity = expectedIdentity
        self.prompt = prompt
        self.finalTry = finalTry
        self.seenPINState = seenPINState
        self.locale = locale
        self.timeZone = timeZone
        self.rivals = rivals
        self.display = display
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        module = try reader.string("module")
        self.reader = try reader.bytes("reader")
        certificateId = try reader.string("certificateId")
        expectedIdentity = try reader.optionalString("expectedIdentity")
        prompt = try reader.value("prompt")
        finalTry = try reader.bool("finalTry")
        seenPINState = try reader.choice("seenPINState")
        locale = try reader.string("locale")
        timeZone = try reader.string("timeZone")
        rivals = try reader.values("rivals")
        display = try reader.value("display")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(module)
        writer.bytes(reader)
        writer.string(certificateId)
        writer.optionalString(expectedIdentity)
        writer.value(prompt)
        writer.bool(finalTry)
        writer.choice(seenPINState)
        writer.string(locale)
        writer.string(timeZone)
        writer.values(rivals)
        writer.value(display)
    }
}
