// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a module says about a card, and the certificates on it.
public struct TokenDescription: FrameValue {
    /// Whether the module knows this card. If not, all else is empty.
    public var recognised: Bool
    /// The token's label; not for logs (an AKIS label holds the identity number).
    public var label: String
    /// The token's manufacturer.
    public var manufacturer: String
    /// The token's model.
    public var model: String
    /// What the token's flags tell of the PIN.
    public var pinState: PINState
    /// Whether the PIN is entered on the reader's keypad.
    public var protectedAuthenticationPath: Bool
    /// The certificates that could be read.
    public var certificates: [CertificateDescription]
    /// How many certificate objects could not be read as certificates.
    public var broken: UInt32
    /// What the module answered where something on the card could not be read, such as "CKR_DEVICE_ERROR C_GetAttributeValue";
    /// empty where all could be.
    public var trouble: String

    /// Creates the value from its fields.
    public init(
        recognised: Bool, label: String, manufacturer: String, model: String, pinState: PINState,
        protectedAuthenticationPath: Bool, certificates: [CertificateDescription], broken: UInt32, trouble: String = ""
    ) {
        self.recognised = recognised
        self.label = label
        self.manufacturer = manufacturer
        self.model = model
        self.pinState = pinState
        self.protectedAuthenticationPath = protectedAuthenticationPath
        self.certificates = certificates
        self.broken = broken
        self.trouble = trouble
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        recognised = try reader.bool("recognised")
        label = try reader.string("label")
        manufacturer = try reader.string("manufacturer")
        model = try reader.string("model")
        pinState = try reader.choice("pinState")
        protectedAuthenticationPath = try reader.bool("protectedAuthenticationPath")
        certificates = try reader.values("certificates")
        broken = try reader.u32("broken")
        trouble = try reader.string("trouble")
    }

    public func write(to writer: inout FrameWriter) {
        writer.bool(recognised)
        writer.string(label)
        writer.string(manufacturer)
        writer.string(model)
        writer.choice(pinState)
        writer.bool(protectedAuthenticationPath)
        writer.values(certificates)
        writer.u32(broken)
        writer.string(trouble)
    }

    /// What is known of the PIN without trying one (PKCS#11: CKF_USER_PIN_…).
    public enum PINState: String, CaseIterable, Sendable {
        /// The token does not tell; AKIS tells only after a wrong PIN.
        case unknown
        /// No wrong try is counted.
        case ok
        /// A wrong PIN was entered since the last right one.
        case countLow = "count-low"
        /// One wrong PIN more locks it.
        case finalTry = "final-try"
        /// The PIN is locked.
        case locked
    }
}
