// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.Approval`: one E-Onay, or one code signed, from the call to its end.
public enum ApprovalInterface {
    public static let name = "org.eonay.EOnay1.Approval"

    public static let completed = InterfaceDescription.Signal(
        "Completed", [.init("result", "s"), .init("error", "s"), .init("message", "s")])

    public static let description = InterfaceDescription(
        name,
        methods: [.init("Cancel"), .init("Signatures", out: [.init("signatures", "a(say)")])],
        signals: [completed],
        properties: [
            .init("Certificate", "s"), .init("Decision", "s"), .init("Portal", "s"), .init("State", "s"),
            .init("Step", "(uu)"), .init("StartedAt", "x"), .init("Deadline", "x"), .init("Result", "s"),
            .init("Error", "(ss)"), .init("ErrorDetail", "s"), .init("Reference", "s"),
            .init("ConfirmationNumber", "s"),
        ])
}
