// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.Approval`: one E-Onay, or one code signed, from the call to its end.
public enum ApprovalInterface: BusInterface {
    public static let name = "org.eonay.EOnay1.Approval"
    public static var qtTypes: [String: String] { Contract.qtTypes }

    public enum Method: String, BusMethod {
        case cancel = "Cancel"
        case signatures = "Signatures"

        public var arguments: Arguments { [:] }

        public var results: Arguments {
            switch self {
            case .cancel: [:]
            case .signatures: ["signatures": "a(say)"]
            }
        }
    }

    public enum Signal: String, BusSignal {
        case completed = "Completed"

        public var arguments: Arguments { ["result": "s", "error": "s", "message": "s"] }
    }

    public enum Property: String, BusProperty {
        case certificate = "Certificate"
        case decision = "Decision"
        case portal = "Portal"
        case state = "State"
        case step = "Step"
        case startedAt = "StartedAt"
        case deadline = "Deadline"
        case result = "Result"
        case error = "Error"
        case errorDetail = "ErrorDetail"
        case reference = "Reference"
        case confirmationNumber = "ConfirmationNumber"

        public var type: Signature {
            switch self {
            case .certificate, .decision, .portal, .state, .result, .errorDetail, .reference, .confirmationNumber: "s"
            case .step: "(uu)"
            case .startedAt, .deadline: "x"
            case .error: "(ss)"
            }
        }

        public var isConstant: Bool { self == .certificate || self == .portal || self == .startedAt }
    }
}
