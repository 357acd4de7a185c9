// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The kinds of key that a certificate can bear, by the names of the bus contract.
public enum KeyType: String, Sendable, Hashable, CaseIterable {
    case rsa2048 = "rsa-2048"
    case rsa3072 = "rsa-3072"
    case rsa4096 = "rsa-4096"
    case ecP256 = "ec-p256"
    case ecP384 = "ec-p384"
    case ecP521 = "ec-p521"
    /// Another algorithm, curve or length.
    case other
}
