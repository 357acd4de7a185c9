// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The replies of `eonay-token`: one to each request, `progress` before a signature or a new PIN excepted.
public enum TokenReply: FrameMessage {
    /// Absolute paths of the modules' shared objects, in the order to try, none of them loaded; and the folders, existing or not, in
    /// which a module or what it needs may be installed, changed or removed.
    case modules([String], folders: [String])
    /// The content of the card; nil where the module, or who reads without one, does not know it.
    case listed(TokenDescription?)
    /// Ready to sign.
    case prepared(PreparedSigner)
    /// Ready to set a PIN; nobody has been asked for anything.
    case pinPrepared
    /// The card has its new PIN.
    case pinSet
    /// A signature or a new PIN is under way; another reply follows.
    case progress(SignProgress)
    /// The signature, CMS in DER.
    case signed([UInt8])
    /// The certificates found in the file.
    case inspected([CertificateDescription])
    /// The judgement on the signature.
    case verified(VerificationDescription)
    /// The readers and cards.
    case readers(ReaderSurvey)
    /// The way to the PIN works; for a pinentry, how that calls itself.
    case promptWorks(flavour: String)
    /// The request failed; the job may be asked again unless its end is closed.
    case failed(JobFailure)
}

/// A module's description of a card, and the certificates on it.
public struct TokenDescription: Codable, Sendable, Equatable {
    /// The token's label; not for logs (an AKIS label holds the identity number).
    public var label: String
    /// The token's manufacturer.
    public var manufacturer: String
    /// The token's model.
    public var model: String
    /// The state of the PIN by the token's flags.
    public var pinState: PINState
    /// More facts about its PIN.
    public var pin: PINFacts
    /// Whether the PIN is entered on the reader's keypad.
    public var protectedAuthenticationPath: Bool
    /// The certificates that could be read.
    public var certificates: [CertificateDescription]
    /// How many certificate objects could not be read as certificates.
    public var broken: UInt32
    /// Why something on the card could not be read; nil where all could be.
    public var trouble: JobFailure?
    /// The certificates whose responders can be asked.
    public var answerable: [AnswerableCertificate]

    /// Creates the value from its fields.
    public init(
        label: String, manufacturer: String, model: String, pinState: PINState, pin: PINFacts = PINFacts(),
        protectedAuthenticationPath: Bool, certificates: [CertificateDescription], broken: UInt32,
        trouble: JobFailure? = nil, answerable: [AnswerableCertificate] = []
    ) {
        self.label = label
        self.manufacturer = manufacturer
        self.model = model
        self.pinState = pinState
        self.pin = pin
        self.protectedAuthenticationPath = protectedAuthenticationPath
        self.certificates = certificates
        self.broken = broken
        self.trouble = trouble
        self.answerable = answerable
    }
}

/// A certificate that names a responder, with what a courier needs to ask that one. It bears the holder's name and number: not for the record.
public struct AnswerableCertificate: Codable, Sendable, Equatable {
    /// `CertificateDescription.id`.
    public var id: String
    /// The certificate, DER.
    public var certificate: [UInt8]
    /// The certificate of its issuer, DER; nil where the card does not have it.
    public var issuer: [UInt8]?

    /// Creates the value from its fields.
    public init(id: String, certificate: [UInt8], issuer: [UInt8]?) {
        self.id = id
        self.certificate = certificate
        self.issuer = issuer
    }
}

/// The job is ready to sign; the PIN has not been asked for.
public struct PreparedSigner: Codable, Sendable, Equatable {
    /// The identity number in the certificate; not for logs.
    public var identity: NationalIdentity
    /// The certificate, DER.
    public var certificate: [UInt8]
    /// The certificate of its issuer, DER; nil where the card does not have it.
    public var issuer: [UInt8]?
    /// The known state of the PIN.
    public var pinState: PINState

    /// Creates the value from its fields.
    public init(identity: NationalIdentity, certificate: [UInt8], issuer: [UInt8]?, pinState: PINState) {
        self.identity = identity
        self.certificate = certificate
        self.issuer = issuer
        self.pinState = pinState
    }
}

/// How far a signature, or a new PIN, has come.
public enum SignProgress: String, Codable, CaseIterable, Sendable {
    /// The person is being asked for the PIN.
    case waitingForPIN = "waiting-for-pin"
    /// The PIN was accepted; the card computes.
    case signing
    /// All is entered, and the card is about to be asked: no way back from here.
    case settingPIN = "setting-pin"
}
