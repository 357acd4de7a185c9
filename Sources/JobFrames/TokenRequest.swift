// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// A request of `eonayd` to `eonay-token`. The requests come one at a time.
public enum TokenRequest: FrameMessage {
    /// Which PKCS#11 modules has this machine? The configuration's paths come first, in its order; `discover` says whether p11-kit's
    /// module files and the known places are looked through as well.
    case modules(configured: [String], discover: Bool)
    /// Which certificates are on the card?
    case list(ListRequest)
    /// Which certificates are on the card, as far as that can be read without a module?
    case read(ReadRequest)
    /// Make ready to sign.
    case prepare(PrepareRequest)
    /// Sign one text; after `prepare`.
    case sign(SignRequest)
    /// Make ready to give the card's PIN a new value.
    case preparePIN(PINRequest)
    /// Ask the person, and set the new PIN; after `preparePIN`. The prompts stand for so many seconds at most.
    case setPIN(secondsLeft: UInt32)
    /// Describe this certificate file.
    case inspect(InspectRequest)
    /// Is this signature good?
    case verify(VerifyRequest)
    /// Which readers and cards does PC/SC show? No card is connected to.
    case readers
    /// Would this way to the PIN work? Nobody is asked for anything.
    case prompt(PINPrompt, locale: String, display: SessionDisplay)
}

/// Asks for the certificates on the card in one reader, through one module and without logging in.
public struct ListRequest: Codable, Sendable, Equatable {
    /// Path of the PKCS#11 module.
    public var module: String
    /// Name of the reader as PC/SC gives it: octets in no certain encoding.
    public var reader: [UInt8]
    /// The card's answer to reset; 33 bytes at most.
    public var atr: [UInt8]
    /// Salt that goes before an identity number when `identityKey` is made.
    public var identitySalt: [UInt8]
    /// The other readers with a card in them, for modules that show two readers under one name.
    public var rivals: [RivalReader]
    /// `CertificateDescription.id` of each certificate that was ever on a card with this answer to reset.
    public var kin: [String]
    /// Whether the module is confined; decided by the first request of a job that names one.
    public var confines: Bool

    /// Creates the value from its fields.
    public init(
        module: String, reader: [UInt8], atr: [UInt8], identitySalt: [UInt8], rivals: [RivalReader] = [],
        kin: [String] = [], confines: Bool = true
    ) {
        self.module = module
        self.reader = reader
        self.atr = atr
        self.identitySalt = identitySalt
        self.rivals = rivals
        self.kin = kin
        self.confines = confines
    }
}

/// Asks for the certificates on the AKİS card in one reader by PC/SC alone, for want of a module that knows it.
public struct ReadRequest: Codable, Sendable, Equatable {
    /// Name of the reader as PC/SC gives it: octets in no certain encoding.
    public var reader: [UInt8]
    /// Salt that goes before an identity number when `identityKey` is made.
    public var identitySalt: [UInt8]

    /// Creates the value from its fields.
    public init(reader: [UInt8], identitySalt: [UInt8]) {
        self.reader = reader
        self.identitySalt = identitySalt
    }
}

/// Another reader with a card in it, whose slots a module may show under the same name as those of the reader that is meant.
///
/// PKCS#11 leaves a reader's name 64 octets, and PC/SC 127: of two readers of one long name only the end differs, which is cut.
public struct RivalReader: Codable, Sendable, Equatable {
    /// Name of the reader as PC/SC gives it.
    public var name: [UInt8]
    /// `CertificateDescription.id` of each certificate that was read from the card that is in it now; empty while it is not known.
    public var certificates: [String]
    /// Whether they were read through the module that is asked, so that they are all that it shows of that card.
    public var isKnownToModule: Bool
    /// `CertificateDescription.id` of each certificate that was ever on a card with the answer to reset of the one in it.
    public var kin: [String]

    /// Creates the value from its fields.
    public init(name: [UInt8], certificates: [String], isKnownToModule: Bool, kin: [String]) {
        self.name = name
        self.certificates = certificates
        self.isKnownToModule = isKnownToModule
        self.kin = kin
    }
}

/// Makes a job ready to sign: finds card, certificate and a way to ask for the PIN, without asking for it yet.
///
/// Descriptor 4 of the job is the descriptor to read the PIN from, descriptor 5 the caller's terminal, where given.
public struct PrepareRequest: Codable, Sendable, Equatable {
    /// Path of the PKCS#11 module.
    public var module: String
    /// Name of the reader as PC/SC gives it: octets in no certain encoding.
    public var reader: [UInt8]
    /// `CertificateDescription.id` of the certificate to sign with.
    public var certificateId: String
    /// The identity number that the certificate must bear; nil where any will do.
    public var expectedIdentity: NationalIdentity?
    /// How the PIN is asked for.
    public var prompt: PINPrompt
    /// Whether the person agreed that the last try may be used.
    public var finalTry: Bool
    /// The state that the last wrong PIN left, where one was entered since the last right one; else `.unknown`. The card's own
    /// flags may have forgotten it.
    public var seenPINState: PINState
    /// Locale of the texts shown, such as "tr_TR.UTF-8".
    public var locale: String
    /// Zone of the times shown, such as "Europe/Istanbul": the one that the service shows times in.
    public var timeZone: String
    /// The other readers with a card in them, for modules that show two readers under one name.
    public var rivals: [RivalReader]
    /// Where a pinentry can open its window; nowhere: where the job's own environment says.
    public var display: SessionDisplay
    /// Whether the module is confined; decided by the first request of a job that names one.
    public var confines: Bool

    /// Creates the value from its fields.
    public init(
        module: String, reader: [UInt8], certificateId: String, expectedIdentity: NationalIdentity?,
        prompt: PINPrompt, finalTry: Bool, seenPINState: PINState = .unknown, locale: String, timeZone: String,
        rivals: [RivalReader] = [], display: SessionDisplay = SessionDisplay(), confines: Bool = true
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
        self.confines = confines
    }
}

/// How `eonay-token` comes to the PIN.
public enum PINPrompt: Codable, Sendable, Equatable {
    /// By a pinentry: this program, or the system's own where the path is nil.
    case pinentry(path: String?)
    /// On the caller's terminal, the job's descriptor 5.
    case terminal
    /// From the job's descriptor 4.
    case descriptor
    /// Not at all; only a reader's keypad is left.
    case none
}

/// Asks for one signature: the job composes the text from these fields, shows it, asks for the PIN and signs.
///
/// A second request of the same job is a consent. It is signed only if its declaration equals, octet for octet, what `shown` was
/// in the first; else the job answers StatementChanged.
public struct SignRequest: Codable, Sendable, Equatable {
    /// The text to sign, the text to show, and the deadline.
    public var order: SigningOrder
    /// The portal, as it stands in the text.
    public var portal: Origin
    /// The program that asked, as "name (pid)".
    public var requester: String
    /// The signing-time attribute: seconds since 1970-01-01 UTC.
    public var signingTime: Int64
    /// Whether the person is asked to go on before the PIN is asked for.
    public var confirms: Bool
    /// Whether an application for renewal is filed after this login; the prompt says so.
    public var filesRenewal: Bool

    /// Creates the value from its fields.
    public init(
        _ order: SigningOrder, portal: Origin, requester: String, signingTime: Int64, confirms: Bool = false,
        filesRenewal: Bool = false
    ) {
        self.order = order
        self.portal = portal
        self.requester = requester
        self.signingTime = signingTime
        self.confirms = confirms
        self.filesRenewal = filesRenewal
    }
}

/// Asks for the facts of a certificate file.
public struct InspectRequest: Codable, Sendable, Equatable {
    /// DER or PEM; 512 KiB at most.
    public var data: [UInt8]

    /// Creates the value from its fields.
    public init(data: [UInt8]) {
        self.data = data
    }

    /// How many bytes `data` may have.
    public static let maximumSize = 512 * 1024
}

/// Asks for a judgement on a CAdES signature.
public struct VerifyRequest: Codable, Sendable, Equatable {
    /// The CMS SignedData, DER or PEM.
    public var signature: [UInt8]
    /// The signed content, where the signature is detached.
    public var content: [UInt8]?
    /// Trusted certificates, each DER or PEM.
    public var trust: [[UInt8]]
    /// The moment to judge at: seconds since 1970-01-01 UTC.
    public var at: Int64

    /// Creates the value from its fields.
    public init(signature: [UInt8], content: [UInt8]?, trust: [[UInt8]], at: Int64) {
        self.signature = signature
        self.content = content
        self.trust = trust
        self.at = at
    }
}
