// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.freedesktop.Application` of ``Contract/root``: what menus, launchers and openers of addresses call (Desktop Entry Specification,
/// "D-Bus Activation"). That names the object by the bus name, which is where the root is.
public enum ApplicationInterface: BusInterface {
    public static let name = "org.freedesktop.Application"
    public static var qtTypes: [String: String] { Contract.qtTypes }

    public enum Method: String, BusMethod {
        case activate = "Activate"
        case open = "Open"
        case activateAction = "ActivateAction"

        public var arguments: Arguments {
            switch self {
            case .activate: ["platform_data": "a{sv}"]
            case .open: ["uris": "as", "platform_data": "a{sv}"]
            case .activateAction: ["action_name": "s", "parameter": "av", "platform_data": "a{sv}"]
            }
        }

        public var results: Arguments { [:] }
    }
}

/// The actions of `ActivateAction`; the raw value is the name, there and in the desktop file.
public enum ApplicationAction: String, CaseIterable, Sendable {
    /// Gives E-Onay with a certificate.
    case approve
    /// Files a certificate's renewal, or opens its issuer's page.
    case renew
    /// Reminds a day later.
    case snooze
    /// Takes the reminder from the screen; the next one comes in its own time.
    case forgetReminder = "forget-reminder"
}
