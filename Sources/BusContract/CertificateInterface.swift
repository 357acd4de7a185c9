// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.Certificate`: a certificate that was seen on a card, also while the card is out.
public enum CertificateInterface {
    public static let name = "org.eonay.EOnay1.Certificate"

    public static let description = InterfaceDescription(
        name,
        properties: [
            .init("Id", "s"), .init("Holder", "s"), .init("MaskedIdentity", "s"), .init("Issuer", "s"),
            .init("SerialNumber", "s"), .init("NotBefore", "x"), .init("NotAfter", "x"), .init("Phase", "s"),
            .init("Qualified", "b"), .init("Hindrances", "as"), .init("KeyType", "s"), .init("Present", "b"),
            .init("Token", "o"), .init("Approval", "s"), .init("SnoozedUntil", "x"),
        ])
}
