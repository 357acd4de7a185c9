// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1`, the interface of ``Contract/root``.
public enum ServiceInterface {
    public static let name = "org.eonay.EOnay1"

    public static let expiryReminder = InterfaceDescription.Signal(
        "ExpiryReminder", [.init("certificate", "s"), .init("not_after", "x"), .init("days_left", "i")])

    public static let description = InterfaceDescription(
        name,
        methods: [
            .init(
                "Approve", in: [.init("certificate", "s"), .init("decision", "s"), .init("options", "a{sv}")],
                out: [.init("approval", "o")]),
            .init(
                "SignCode", in: [.init("certificate", "s"), .init("code", "s"), .init("options", "a{sv}")],
                out: [.init("approval", "o")]),
            .init(
                "Renew", in: [.init("certificate", "s"), .init("options", "a{sv}")], out: [.init("approval", "o")]),
            .init("Status", out: [.init("certificates", "a(sssxs)")]),
            .init("Expiry", out: [.init("certificates", "a(ssxis)")]),
            .init("Snooze", in: [.init("certificate", "s"), .init("until", "x")]),
            .init("History", in: [.init("limit", "u")], out: [.init("decisions", "a(xsssss)")]),
        ],
        signals: [expiryReminder],
        properties: [
            .init("Version", "s"), .init("WatcherState", "s"), .init("Ready", "b"), .init("WatcherError", "s"),
            .init("Readers", "as"), .init("Portals", "as"), .init("RenewalDays", "u"),
            .init("ConfigurationIssues", "a(sus)"), .init("RecordState", "s"),
        ])
}
