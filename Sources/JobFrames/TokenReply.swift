// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What `eonay-token` answers: one reply to each request, `progress` before a signature excepted.
public enum TokenReply: FrameMessage {
    /// The modules found, in the order to try.
    case modules(ModuleList)
    /// What is on the card.
    case listed(TokenDescription)
    /// Ready to sign.
    case prepared(Prepared)
    /// A signature is under way; another reply follows.
    case progress(SignProgress)
    /// The signature, CMS in DER.
    case signed([UInt8])
    /// The certificates found in the file.
    case inspected([CertificateDescription])
    /// The judgement on the signature.
    case verified(VerificationDescription)
    /// The request failed; the job may be asked again unless its end is closed.
    case failed(JobFailure)
}

/// How far a signature has come.
public enum SignProgress: String, Codable, CaseIterable, Sendable {
    /// The person is being asked for the PIN.
    case waitingForPIN = "waiting-for-pin"
    /// The PIN was accepted; the card computes.
    case signing
}

/// The PKCS#11 modules of this machine, and where new ones would appear.
public struct ModuleList: Codable, Sendable, Equatable {
    /// In the order to try.
    public var modules: [ModuleDescription]
    /// Folders, existing or not, in which a module or what it needs may be installed, changed or removed.
    public var folders: [String]

    /// Creates the value from its fields.
    public init(modules: [ModuleDescription], folders: [String]) {
        self.modules = modules
        self.folders = folders
    }
}

/// One PKCS#11 module that was found; none was loaded to learn this.
public struct ModuleDescription: Codable, Sendable, Equatable {
    /// Absolute path of the shared object.
    public var path: String
    /// A short name for people, such as the file's base name or the name of p11-kit's module file.
    public var name: String
    /// Where the module was learned of.
    public var origin: Origin

    /// Creates the value from its fields.
    public init(path: String, name: String, origin: Origin) {
        self.path = path
        self.name = name
        self.origin = origin
    }

    /// Where a module was learned of.
    public enum Origin: String, Codable, CaseIterable, Sendable {
        /// Named in the configuration.
        case configured
        /// Named in one of p11-kit's module files.
        case p11Kit = "p11-kit"
        /// Found in one of the places where vendors put it.
        case known
    }
}

/// What a module says about a card, and the certificates on it.
public struct TokenDescription: Codable, Sendable, Equatable {
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

    /// What is known of the PIN without trying one (PKCS#11: CKF_USER_PIN_…).
    public enum PINState: String, Codable, CaseIterable, Sendable {
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

/// The job is ready to sign; the PIN has not been asked for.
public struct Prepared: Codable, Sendable, Equatable {
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
}
