// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
