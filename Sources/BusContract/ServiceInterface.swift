// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1`, the interface of ``Contract/root``.
public enum ServiceInterface: BusInterface {
    public static let name = "org.eonay.EOnay1"
    public static var qtTypes: [String: String] { Contract.qtTypes }

    public enum Method: String, BusMethod {
        case approve = "Approve"
        case signCode = "SignCode"
        case renew = "Renew"
        case status = "Status"
        case expiry = "Expiry"
        case snooze = "Snooze"
        case history = "History"
        case listCertificates = "ListCertificates"
        case listHistory = "ListHistory"
        case changePIN = "ChangePin"
        case unblockPIN = "UnblockPin"
        case listApprovals = "ListApprovals"
        case forget = "Forget"

        public var arguments: Arguments {
            switch self {
            case .approve: ["certificate": "s", "decision": "s", "options": "a{sv}"]
            case .signCode: ["certificate": "s", "code": "s", "options": "a{sv}"]
            case .renew: ["certificate": "s", "options": "a{sv}"]
            case .status, .expiry, .listCertificates: [:]
            case .snooze: ["certificate": "s", "until": "x"]
            case .history: ["limit": "u"]
            case .listHistory, .listApprovals: ["options": "a{sv}"]
            case .changePIN, .unblockPIN: ["card": "s", "options": "a{sv}"]
            case .forget: ["certificate": "s", "options": "a{sv}"]
            }
        }

        public var results: Arguments {
            switch self {
            case .approve, .signCode, .renew: ["approval": "o"]
            case .status: ["certificates": "a(sssxs)"]
            case .expiry: ["certificates": "a(ssxis)"]
            case .snooze: [:]
            case .history: ["decisions": "a(xsssss)"]
            case .listCertificates: ["certificates": "aa{sv}"]
            case .listHistory: ["decisions": "aa{sv}"]
            case .changePIN, .unblockPIN: ["operation": "o"]
            case .listApprovals: ["approvals": "aa{sv}"]
            case .forget: ["forgotten": "a{sv}"]
            }
        }
    }

    public enum Signal: String, BusSignal {
        case expiryReminder = "ExpiryReminder"

        public var arguments: Arguments { ["certificate": "s", "not_after": "x", "days_left": "i"] }
    }

    public enum Property: String, BusProperty {
        case version = "Version"
        case watcherState = "WatcherState"
        case ready = "Ready"
        case watcherError = "WatcherError"
        case readers = "Readers"
        case portals = "Portals"
        case renewalDays = "RenewalDays"
        case configurationIssues = "ConfigurationIssues"
        case recordState = "RecordState"

        public var type: Signature {
            switch self {
            case .version, .watcherState, .watcherError, .recordState: "s"
            case .ready: "b"
            case .readers, .portals: "as"
            case .renewalDays: "u"
            case .configurationIssues: "a(sus)"
            }
        }

        public var isConstant: Bool { self == .version }
    }
}
