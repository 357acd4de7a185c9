// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.PinOperation`: a card's PIN gets a new value, from the call to its end.
public enum PINOperationInterface: BusInterface {
    public static let name = "org.eonay.EOnay1.PinOperation"
    public static var qtTypes: [String: String] { Contract.qtTypes }

    public enum Method: String, BusMethod {
        case cancel = "Cancel"

        public var arguments: Arguments { [:] }
        public var results: Arguments { [:] }
    }

    public enum Signal: String, BusSignal {
        case completed = "Completed"

        public var arguments: Arguments { ["result": "s", "error": "s", "message": "s"] }
    }

    public enum Property: String, BusProperty {
        case kind = "Kind"
        case token = "Token"
        case state = "State"
        case result = "Result"
        case error = "Error"
        case errorDetail = "ErrorDetail"

        public var type: Signature {
            switch self {
            case .kind, .state, .result, .errorDetail: "s"
            case .token: "o"
            case .error: "(ss)"
            }
        }

        public var isConstant: Bool { self == .kind || self == .token }
    }
}
