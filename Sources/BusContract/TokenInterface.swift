// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.Token`: a card in a reader.
public enum TokenInterface: BusInterface {
    public static let name = "org.eonay.EOnay1.Token"
    public static var qtTypes: [String: String] { Contract.qtTypes }

    public enum Property: String, BusProperty {
        case reader = "Reader"
        case label = "Label"
        case manufacturer = "Manufacturer"
        case model = "Model"
        case atr = "Atr"
        case pinState = "PinState"
        case protectedAuthenticationPath = "ProtectedAuthenticationPath"
        case certificates = "Certificates"
        case heldBy = "HeldBy"
        case error = "Error"
        case errorDetail = "ErrorDetail"
        case moduleProblems = "ModuleProblems"
        case family = "Family"
        case driver = "Driver"
        case driverPage = "DriverPage"
        case pinMinLength = "PinMinLength"
        case pinMaxLength = "PinMaxLength"
        case pinChangeRequired = "PinChangeRequired"
        case pukState = "PukState"

        public var type: Signature {
            switch self {
            case .reader, .label, .manufacturer, .model, .pinState, .heldBy, .errorDetail, .family, .driver,
                .driverPage,
                .pukState:
                "s"
            case .atr: "ay"
            case .protectedAuthenticationPath, .pinChangeRequired: "b"
            case .pinMinLength, .pinMaxLength: "u"
            case .certificates: "ao"
            case .error: "(ss)"
            case .moduleProblems: "a(ss)"
            }
        }

        public var isConstant: Bool { self == .reader || self == .atr || self == .family }
    }
}
