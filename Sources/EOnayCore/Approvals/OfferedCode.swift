// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A code that the portal gave, and what it is for, found to be what the contract allows.
public struct OfferedCode: Sendable, Equatable {
    public let code: VerificationCode
    public let purpose: Purpose
    /// The declaration that is made by signing; nil for a login.
    public let declaration: Declaration?
    /// Seconds until the code lapses, counted from its receipt.
    public let secondsLeft: UInt32

    /// The longest life of a code that a portal is believed.
    public static let longestLife: UInt32 = 86_400

    /// Takes a challenge as it came from the portal that `portal` names.
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
