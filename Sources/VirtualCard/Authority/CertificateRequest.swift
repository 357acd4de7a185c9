// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A test's request for a certificate.
public struct CertificateRequest: Sendable {
    public var holder: Holder
    public var kind: IssuedKind
    public var keyType: CardKeyType
    /// Seconds since 1970, UTC; the kind's own where nil.
    public var notBefore: Int64?
    /// Seconds since 1970, UTC; 1095 days after the beginning where nil.
    public var notAfter: Int64?
    /// A key that exists; a new one of `keyType` where nil.
    public var key: SigningKey?
    /// A whole subject, DER, in place of the holder's; one with no name, say.
    public var subject: [UInt8]?

    public init(
        _ kind: IssuedKind = .nes, for holder: Holder = .sukru, keyType: CardKeyType = .rsa2048,
        notBefore: Int64? = nil, notAfter: Int64? = nil, key: SigningKey? = nil
    ) {
        self.kind = kind
        self.holder = holder
        self.keyType = key?.type ?? keyType
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.key = key
    }
}

/// The addresses in a certificate at which its issuer can be asked; an absent one is left out of the certificate.
public struct AuthorityAddresses: Sendable {
    public var ocsp: String?
    public var crl: String?
    /// The address of the issuer's own certificate.
    public var issuer: String?

    public init(ocsp: String? = nil, crl: String? = nil, issuer: String? = nil) {
        self.ocsp = ocsp
        self.crl = crl
        self.issuer = issuer
    }
}

/// The person a test certificate is made out to. None of them exists.
public struct Holder: Sendable, Equatable {
    public var name: String
    /// T.C. Kimlik No, or what a test puts in its place.
    public var identity: String

    public init(name: String, identity: String) {
        self.name = name
        self.identity = identity
    }

    /// Letters that go wrong first: Ş ü ğ İ ı. The number is STDNUM's example and passes the checksum.
    public static let sukru = Holder(name: "Şükrü İğdırlı", identity: "10000000146")
    /// A second person. The number passes the checksum and trips a remainder that keeps the sign.
    public static let isil = Holder(name: "Işıl Çağla Öztürk", identity: "19090909018")
}

/// A kind of certificate of the bench's authority: a good NES, or one that is wrong in one way.
public enum IssuedKind: String, Sendable, CaseIterable {
    /// As Kamu SM makes them.
    case nes
    /// A NES that ended a day ago.
    case expired
    /// A NES that begins in a day.
    case notYetValid = "not-yet-valid"
    /// Key usage digitalSignature alone.
    case noNonRepudiation = "no-non-repudiation"
    /// Without ETSI's QcCompliance.
    case noETSIStatement = "no-etsi-statement"
    /// Without BTK's statement of law 5070.
    case noBTKStatement = "no-btk-statement"
    /// Without the user notice of its policy.
    case noUserNotice = "no-user-notice"
    /// A qualified seal of an institution: 5070.2.1 with 2.2, and the seal's policy.
    case seal
    /// An institution's NES look-alike: 5070.1.1 with 1.3.
    case institutionalSeal = "institutional-seal"
    /// A company's seal for its invoices (mali mühür).
    case companySeal = "company-seal"
    /// The certificate beside it, to which invoices are enciphered.
    case companyCipher = "company-cipher"
    /// A person's certificate to log in with, and nothing else.
    case authentication
    /// A statement under a foreign identifier that restricts its use.
    case restricted
    /// Says of itself that it is for tests: the test policy, and the words in BTK's statement.
    case test
    /// One bit of the signature is turned.
    case forgedSignature = "forged-signature"
    /// Signed with another key under the true issuer's name.
    case forgedIssuer = "forged-issuer"

    static let day: Int64 = 86_400
    /// Kamu SM's certificates last exactly this long.
    static let lifetime = 1095 * day

    /// When such a certificate begins, seen from `now`, unless a test says otherwise.
    func begin(now: Int64) -> Int64 {
        switch self {
        case .expired: now - Self.day - Self.lifetime
        case .notYetValid: now + Self.day
        default: now - Self.day
        }
    }

    var keyUsage: [Int] {
        switch self {
        case .noNonRepudiation, .companySeal, .authentication: [0]
        case .companyCipher: [2, 4]
        default: [0, 1]
        }
    }

    /// The extended key usage, where there is one.
    var purpose: String? {
        switch self {
        case .companySeal: "2.16.792.1.2.1.1.5.7.50.1"
        case .companyCipher, .authentication: "1.3.6.1.5.5.7.3.2"
        default: nil
        }
    }

    var policy: String {
        switch self {
        case .seal: "2.16.792.1.2.1.1.5.7.1.10"
        case .test: "2.16.792.1.2.1.1.5.7.1.4.1"
        case .companySeal, .companyCipher: "2.16.792.1.2.1.1.5.7.4.1"
        case .authentication: "2.16.792.1.2.1.1.5.7.1.99"
        default: "2.16.792.1.2.1.1.5.7.1.1"
        }
    }

    static let statementText =
        "Bu sertifika, 5070 sayılı Elektronik İmza Kanununa göre nitelikli elektronik sertifikadır."
    static let testText =
        "Bu sertifika Test amaçlı üretilmiştir, nitelikli elektronik sertifika yerine kullanılamaz!"
    static let restrictionText = "Bu sertifikanın kullanım kısıtı vardır: yalnızca deneme içindir."

    /// The qualified certificate statements in their order: identifier and words, if any.
    var statements: [(identifier: String, text: String?)] {
        let compliance: (String, String?) = ("0.4.0.1862.1.1", nil)
        let law = "2.16.792.1.61.0.1.5070"
        let personal: (String, String?) = ("\(law).1.1", Self.statementText)
        switch self {
        case .noETSIStatement: return [personal]
        case .noBTKStatement: return [compliance]
        case .seal:
            return [
                compliance, ("\(law).2.1", "Bu sertifika, nitelikli elektronik mühür sertifikasıdır."),
                ("\(law).2.2", "Bu sertifika güvenli elektronik imza oluşturmak amacıyla kullanılamaz."),
            ]
        case .companySeal, .companyCipher, .authentication: return []
        case .institutionalSeal: return [compliance, personal, ("\(law).1.3", "Kurumsal mühür")]
        case .restricted:
            return [compliance, personal, ("2.16.792.1.2.1.1.5.7.2.9999", Self.restrictionText)]
        case .test: return [compliance, ("\(law).1.1", Self.testText)]
        default: return [compliance, personal]
        }
    }
}
