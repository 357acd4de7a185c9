// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The portal's answer to a signature that it took.
public enum PortalReceipt: Sendable, Equatable {
    /// A login: the six digits that prove who signed.
    case signedIn(number: String)
    /// A consent: the record's reference.
    case recorded(reference: String)

    /// The longest reference, in octets.
    public static let longestReference = 64

    /// Takes the answer's fields as they came; throws `portalUntrusted` where they do not fit each other.
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
