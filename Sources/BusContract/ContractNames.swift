// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// The fixed names of the bus contract, version 1 (dbus/org.eonay.EOnay1.xml).
public enum Contract {
    /// The service's well-known name.
    public static let busName = "org.eonay.EOnay1"

    /// The service's own object, which manages all others.
    public static let root: ObjectPath = "/org/eonay/EOnay1"

    /// The C++ types in the annotations for qdbusxml2cpp; docs/examples/eonay-qt.h declares them.
    static let qtTypes = [
        "a{sv}": "QVariantMap", "aa{sv}": "QList<QVariantMap>", "a(sssxs)": "QList<EOnayStatus>",
        "a(ssxis)": "QList<EOnayExpiry>", "a(xsssss)": "QList<EOnayDecision>", "a(sus)": "QList<EOnayIssue>",
        "a(ss)": "QList<EOnayModuleProblem>", "a(say)": "QList<EOnaySignature>", "(ss)": "EOnayError",
        "(uu)": "EOnayStep",
    ]

    /// The object of a card; the number is given anew to each insertion.
    public static func tokenPath(_ number: UInt64) -> ObjectPath {
        path("token", "\(number)")
    }

    /// The object of a certificate by its id, 64 lower-case hex digits. Throws `InvalidArgs` for what cannot be in a path.
    public static func certificatePath(_ id: String) throws(BusError) -> ObjectPath {
        try ObjectPath("\(root)/certificate/\(id)")
    }

    /// The object of an approval that its caller gave a handle token. Throws `InvalidArgs` unless it is of letters, digits and "_".
    public static func approvalPath(handleToken: String) throws(BusError) -> ObjectPath {
        try ObjectPath("\(root)/approval/c_\(handleToken)")
    }

    /// The object of an approval without a handle token.
    public static func approvalPath(number: UInt64) -> ObjectPath {
        path("approval", "n_\(number)")
    }

    /// The object of a change of a card's PIN, or of its unblocking.
    public static func pinPath(number: UInt64) -> ObjectPath { path("pin", "\(number)") }

    private static func path(_ kind: String, _ name: String) -> ObjectPath {
        // A number or the like: letters, digits and "_" make a valid path.
        do throws(BusError) {
            return try ObjectPath("\(root)/\(kind)/\(name)")
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
