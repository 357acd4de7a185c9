// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The job is ready to sign; the PIN has not been asked for.
public struct Prepared: FrameValue {
    /// The identity number in the certificate; not for logs.
    public var identity: String
    /// The certificate, DER.
    public var certificate: [UInt8]
    /// Certificates of its issuers found on the card, DER, nearest first.
    public var issuerChain: [[UInt8]]
    /// "rsa-2048", "ec-p256" and the like, as in the bus contract.
    public var keyType: String
    /// What the token's flags tell of the PIN.
    public var pinState: TokenDescription.PINState
    /// Whether the PIN is entered on the reader's keypad.
    public var protectedAuthenticationPath: Bool
    /// Whether the card wants the PIN for each signature (CKA_ALWAYS_AUTHENTICATE).
    public var alwaysAuthenticate: Bool

    /// Creates the value from its fields.
    public init(
        identity: String, certificate: [UInt8], issuerChain: [[UInt8]], keyType: String,
        pinState: TokenDescription.PINState, protectedAuthenticationPath: Bool, alwaysAuthenticate: Bool
    ) {
        self.identity = identity
        self.certificate = certificate
        self.issuerChain = issuerChain
        self.keyType = keyType
        self.pinState = pinState
        self.protectedAuthenticationPath = protectedAuthenticationPath
        self.alwaysAuthenticate = alwaysAuthenticate
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        identity = try reader.string("identity")
        certificate = try reader.bytes("certificate")
        issuerChain = try reader.byteStrings("issuerChain")
        keyType = try reader.string("keyType")
        pinState = try reader.choice("pinState")
        protectedAuthenticationPath = try reader.bool("protectedAuthenticationPath")
        alwaysAuthenticate = try reader.bool("alwaysAuthenticate")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(identity)
        writer.bytes(certificate)
        writer.byteStrings(issuerChain)
        writer.string(keyType)
        writer.choice(pinState)
        writer.bool(protectedAuthenticationPath)
        writer.bool(alwaysAuthenticate)
    }
}
