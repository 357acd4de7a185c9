// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The word of a trustworthy OCSP answer or revocation list on a certificate.
///
/// "Good", "on hold" and "unknown" are current; a revocation may be old news.
public struct RevocationJudgement: Sendable, Equatable {
    /// The certificate's state.
    public enum Status: Sendable, Equatable {
        case good
        /// The beginning, UTC seconds since 1970, and the reason's code of RFC 5280, 5.3.1, where one is given.
        case revoked(at: Int64, reason: Int?)
        /// The responder does not know the certificate.
        case unknown

        /// certificateHold: suspended, which can be taken back. A new certificate of Kamu SM is so until it is opened.
        public var isHold: Bool {
            if case .revoked(_, reason: 6) = self { true } else { false }
        }
    }

    /// The source of that.
    public enum Source: String, Sendable {
        case ocsp
        case crl
    }

    /// The certificate's state.
    public let status: Status
    /// The source of that.
    public let source: Source
    /// When this was known to be right.
    public let thisUpdate: Int64
    /// When newer information comes at the latest; nil where the source does not say.
    public let nextUpdate: Int64?

    /// A revocation that nothing takes back: it stays true however old the news is.
    var isFinal: Bool { Self.weight(of: status) == 2 }

    /// The weight of a status: 2 for a revocation, 1 for a hold, 0 for all else.
    static func weight(of status: Status) -> Int {
        switch status {
        case .revoked: status.isHold ? 1 : 2
        case .good, .unknown: 0
        }
    }
}

extension RevocationJudgement {
    /// The word of all evidence together on a certificate: revoked for good where any says so, else the newest, and of equally
    /// new ones the worst; nil where none can say.
    public static func best(
        of evidence: [RevocationEvidence], on certificate: CertificateFacts, issuer: CertificateFacts, at time: Int64
    ) -> RevocationJudgement? {
        let judgements = evidence.compactMap { piece -> RevocationJudgement? in
            do throws(RevocationError) {
                return switch piece {
                case .ocsp(let der):
                    try OCSPResponse(der).judgement(of: certificate, issuer: issuer, at: time)
                case .crl(let bytes):
                    try RevocationList(bytes, issuer: issuer, takesParts: true).judgement(of: certificate, at: time)
                }
            } catch {
                // Evidence about another certificate, or none at all: it neither helps nor harms.
                return nil
            }
        }
        return judgements.first(where: \.isFinal)
            ?? judgements.max { ($0.thisUpdate, weight(of: $0.status)) < ($1.thisUpdate, weight(of: $1.status)) }
    }
}

/// Why an OCSP answer or a revocation list cannot be relied on.
public struct RevocationError: Error, Sendable, Equatable {
    /// The kind of the error, to act on.
    public enum Code: String, Sendable {
        case tooLarge = "too-large"
        case malformed = "malformed"
        /// The responder answered that it will not answer; `detail` says how: "try-later", "unauthorized" …
        case refused = "refused"
        /// It is about another certificate, or another part of the issuer's certificates.
        case otherCertificate = "other-certificate"
        /// The signer was not authorised by the issuer.
        case unauthorisedSigner = "unauthorised-signer"
        case badSignature = "bad-signature"
        case weakAlgorithm = "weak-algorithm"
        /// The answer to another request.
        case nonceMismatch = "nonce-mismatch"
        /// From the future.
        case notYetCurrent = "not-yet-current"
        /// Newer information should exist by now.
        case stale = "stale"
        /// A delta list, an indirect list, a list for some reasons only or for a part of which nobody can tell whether the
        /// certificate is in it, or a critical extension unknown here.
        case unsupported = "unsupported"
    }

    /// The kind of the error, to act on.
    public let code: Code
    /// A stable short word that narrows it down, or "".
    public let detail: String

    init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }

    /// Equal by code.
    public static func == (left: RevocationError, right: RevocationError) -> Bool {
        left.code == right.code
    }
}

/// The age that an answer about revocation may have.
enum Freshness {
    /// The most by which the clocks of responder and reader may differ, seconds.
    static let skew: Int64 = 300
    /// The time for which an answer without nextUpdate counts, seconds. It says that newer information can always be had.
    private static let maximumAge: Int64 = 3_600

    static func check(thisUpdate: Int64, nextUpdate: Int64?, at time: Int64) throws(RevocationError) {
        guard thisUpdate <= time + skew else { throw RevocationError(.notYetCurrent) }
        let end = nextUpdate ?? thisUpdate + maximumAge
        guard end >= thisUpdate else { throw RevocationError(.malformed, "update-times") }
        guard time <= end + skew else { throw RevocationError(.stale) }
    }
}

/// The bytes of an answer or list, as they came.
public enum RevocationEvidence: Sendable, Equatable {
    /// An OCSPResponse, DER (RFC 6960, 4.2.1).
    case ocsp([UInt8])
    /// A CertificateList, DER or PEM (RFC 5280, 5.1).
    case crl([UInt8])
}

extension RevocationEvidence {
    private static let maximum = 256

    /// RevocationInfoChoices (RFC 5652, 10.2.1), with OCSP answers as RFC 5940 puts them there, or bare as some do.
    static func choices(_ field: DERReader) throws(DERError) -> [RevocationEvidence] {
        var list = field
        var evidence: [RevocationEvidence] = []
        for element in try list.all(limit: maximum) {
            if element.tag == DERTag.sequence {
                evidence.append(.crl(Array(element.encoding)))
            } else if element.tag == DERTag.contextConstructed(1) {
                var parts = field.inside(element)
                switch try parts.objectIdentifier() {
                case .ocspRevocationInfo: evidence.append(.ocsp(Array(try parts.next(DERTag.sequence).encoding)))
                case .ocspBasic: evidence.append(basic(try parts.next(DERTag.sequence)))
                default: continue
                }
            }
        }
        return evidence
    }

    /// RevocationValues (ETSI TS 101 733, 6.3.4): lists, and answers without the shell around them.
    static func revocationValues(_ value: DERElement) throws(DERError) -> [RevocationEvidence] {
        guard value.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(value.content)
        var evidence: [RevocationEvidence] = []
        if let lists = try parts.optional(DERTag.contextConstructed(0)) {
            var list = try DERReader.sequence(lists.content)
            evidence += try list.all(limit: maximum).map { .crl(Array($0.encoding)) }
        }
        if let answers = try parts.optional(DERTag.contextConstructed(1)) {
            var list = try DERReader.sequence(answers.content)
            evidence += try list.all(limit: maximum).map(basic)
        }
        return evidence
    }

    /// An OCSPResponse around a BasicOCSPResponse; the shell is not signed.
    private static func basic(_ answer: DERElement) -> RevocationEvidence {
        let bytes = DERWriter.sequence(
            DERWriter.objectIdentifier(.ocspBasic), DERWriter.octetString(answer.encoding))
        return .ocsp(
            DERWriter.sequence([DERTag.enumerated, 1, 0], DERWriter.element(DERTag.contextConstructed(0), bytes)))
    }
}

/// The three parts that certificates, revocation lists and OCSP answers have in common: what is signed, how, and the value.
struct SignedStructure {
    /// The signed octets, tag and length included.
    let signed: DERElement
    let algorithm: AlgorithmIdentifier
    let value: ArraySlice<UInt8>

    init(_ reader: inout DERReader) throws(DERError) {
        signed = try reader.next(DERTag.sequence)
        algorithm = try AlgorithmIdentifier(reader.next())
        value = try reader.wholeOctets()
    }

    /// Checks the value with a key.
    func check(signedBy certificate: CertificateFacts) throws(RevocationError) {
        guard let key = PublicKeyInfo(der: certificate.publicKeyInfo), key.kind != .other, !key.isWeak,
            let algorithm = SignatureAlgorithm(algorithm), !algorithm.digest.isWeak
        else { throw RevocationError(.weakAlgorithm) }
        let verified: Bool
        do throws(LibcryptoError) {
            verified = try PublicKey(key).verifies(value, over: signed.encoding, by: algorithm)
        } catch {
            throw RevocationError(.badSignature, error.call)
        }
        guard verified else { throw RevocationError(.badSignature) }
    }
}
