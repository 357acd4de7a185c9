// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.Token`: a card in a reader.
public enum TokenInterface {
    public static let name = "org.eonay.EOnay1.Token"

    public static let description = InterfaceDescription(
        name,
        properties: [
            .init("Reader", "s"), .init("Label", "s"), .init("Manufacturer", "s"), .init("Model", "s"),
            .init("Atr", "ay"), .init("PinState", "s"), .init("ProtectedAuthenticationPath", "b"),
            .init("Certificates", "ao"), .init("HeldBy", "s"), .init("Error", "(ss)"), .init("ErrorDetail", "s"),
            .init("ModuleProblems", "a(ss)"),
        ])
}
