// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A question for the courier to ask.
public enum PortalQuestion: Codable, Sendable, Equatable {
    case statement
    /// Begin a session for this person.
    case session(NationalIdentity)
    /// The purpose of this code.
    case code(VerificationCode)
    case submit(VerificationCode, signature: [UInt8])
    case confirm(number: String)
    /// Ask for a code for this decision on this version of the statement.
    case decide(Decision, version: String)
    /// File the application for a renewal.
    case apply
    /// Which is the newest application for a renewal?
    case newestApplication
}

/// The two statements of the portal, fetched before a PIN is asked: what is shown is what must be signed.
public struct OfferedStatement: Sendable, Equatable {
    public let acceptance: Declaration
    public let refusal: Declaration

    /// Throws `portalUntrusted` where a statement breaks the contract's rules.
    public init(version: String, accept: String, decline: String) throws(ApprovalFailure) {
        do {
            acceptance = try Declaration(decision: .accept, version: version, statement: accept)
            refusal = try Declaration(decision: .decline, version: version, statement: decline)
        } catch {
            throw ApprovalFailure(.portalUntrusted, detail: error.detail)
        }
    }

    /// The declaration of a decision.
    public func declaration(of decision: Decision) -> Declaration {
        switch decision {
        case .accept: acceptance
        case .decline: refusal
        }
    }
}

extension OfferedStatement: Codable {
    private enum CodingKeys: CodingKey { case acceptance, refusal }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        acceptance = try fields.decode(Declaration.self, forKey: .acceptance)
        refusal = try fields.decode(Declaration.self, forKey: .refusal)
        guard acceptance.decision == .accept, refusal.decision == .decline, acceptance.version == refusal.version else {
            throw ApprovalFailure(.portalUntrusted, detail: "statement-version")
        }
    }
}

extension InvalidDeclaration {
    /// The field and the rule, as a stable word: `statement-tooLong`.
    public var detail: String { "\(field.rawValue)-\(reason.rawValue)" }
}

/// A code that the portal gave, and its purpose, checked against the contract.
public struct OfferedCode: Sendable, Equatable {
    public let code: VerificationCode
    public let purpose: Purpose
    /// The declaration that is made by signing; nil for a login.
    public let declaration: Declaration?
    /// Seconds until the code lapses, counted from its receipt.
    public let secondsLeft: UInt32

    /// The longest life that a portal may give a code.
    public static let longestLife: UInt32 = 86_400

    /// Checks a challenge as it came from `portal`.
    ///
    /// Throws `portalUntrusted` where the challenge names another portal or breaks a rule; the detail says which.
    public init(
        code: String, purpose: String, portal claimed: String, expiresIn: UInt32, decision: String,
        statementVersion: String, statement: String, from portal: Origin
    ) throws(ApprovalFailure) {
        guard claimed.utf8.elementsEqual(portal.text.utf8) else { throw .challenge("portal") }
        guard let code = try? VerificationCode(codedText: code) else { throw .challenge("code") }
        guard let purpose = Purpose(rawValue: purpose) else { throw .challenge("purpose") }
        guard expiresIn <= Self.longestLife else { throw .challenge("expiresIn") }
        switch purpose {
        case .login:
            guard decision.isEmpty, statementVersion.isEmpty, statement.isEmpty else { throw .challenge("decision") }
            declaration = nil
        case .consent:
            guard let decision = Decision(rawValue: decision) else { throw .challenge("decision") }
            do {
                declaration = try Declaration(decision: decision, version: statementVersion, statement: statement)
            } catch {
                throw .challenge(error.detail)
            }
        }
        self.code = code
        self.purpose = purpose
        secondsLeft = expiresIn
    }
}

extension OfferedCode: Codable {
    private enum CodingKeys: CodingKey { case code, purpose, declaration, secondsLeft }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        code = try fields.decode(VerificationCode.self, forKey: .code)
        purpose = try fields.decode(Purpose.self, forKey: .purpose)
        declaration = try fields.decodeIfPresent(Declaration.self, forKey: .declaration)
        secondsLeft = try fields.decode(UInt32.self, forKey: .secondsLeft)
        guard (declaration != nil) == (purpose == .consent) else { throw ApprovalFailure.challenge("decision") }
        guard secondsLeft <= Self.longestLife else { throw ApprovalFailure.challenge("expiresIn") }
    }
}

extension ApprovalFailure {
    /// A challenge that is not what it must be, and in which field.
    static func challenge(_ field: String) -> ApprovalFailure {
        ApprovalFailure(.portalUntrusted, detail: "challenge-\(field)")
    }
}

/// The purpose of a verification code. The raw value is the portal's word.
public enum Purpose: String, Codable, Sendable, CaseIterable {
    /// To sign in.
    case login
    /// To record a decision.
    case consent

    /// The word of the signed text's `Amaç` line.
    public var signedWord: String {
        switch self {
        case .login: "giriş"
        case .consent: "onay"
        }
    }
}

/// The portal's answer to a signature that it accepted.
public enum PortalReceipt: Sendable, Equatable {
    /// A login: the six digits that prove who signed.
    case signedIn(number: String)
    /// A consent: the record's reference.
    case recorded(reference: String)

    /// The longest reference, in octets.
    public static let longestReference = 64

    /// Reads the answer's fields as they came; throws `portalUntrusted` where they do not fit each other.
    public init(purpose: String, result: String, number: String, reference: String) throws(ApprovalFailure) {
        switch (purpose, result) {
        case ("login", "signed"): self = .signedIn(number: try Self.number(number))
        case ("consent", "recorded"):
            self = .recorded(reference: try Self.reference(reference))
        default: throw ApprovalFailure(.portalUntrusted, detail: "answer-result")
        }
    }

    private static func number(_ text: String) throws(ApprovalFailure) -> String {
        guard text.utf8.count == 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ApprovalFailure(.portalUntrusted, detail: "answer-number")
        }
        return text
    }

    /// A record's reference as it came; throws `portalUntrusted` for what could not be one.
    public static func reference(_ text: String) throws(ApprovalFailure) -> String {
        // It is printed, and put into a path: visible ASCII, and no separator.
        guard (1...longestReference).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"/?#%\\\"".utf8.contains($0) })
        else { throw ApprovalFailure(.portalUntrusted, detail: "answer-reference") }
        return text
    }
}

extension PortalReceipt: Codable {
    private enum CodingKeys: CodingKey { case number, reference }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let number = try fields.decodeIfPresent(String.self, forKey: .number)
        let reference = try fields.decodeIfPresent(String.self, forKey: .reference)
        switch (number, reference) {
        case (let number?, nil): self = .signedIn(number: try Self.number(number))
        case (nil, let reference?): self = .recorded(reference: try Self.reference(reference))
        default: throw ApprovalFailure(.portalUntrusted, detail: "answer-result")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let (number, reference): (String?, String?) =
            switch self {
            case .signedIn(let number): (number, nil)
            case .recorded(let reference): (nil, reference)
            }
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encodeIfPresent(number, forKey: .number)
        try fields.encodeIfPresent(reference, forKey: .reference)
    }
}
