// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

extension Session {
    /// RSA up to 8192 bits; twice a coordinate of P-521 is far below.
    private static let longestSignature = 1024

    /// Signs a DigestInfo (RSA) or a digest (EC, answered as r‖s) with that key.
    ///
    /// `authenticating` is called between C_SignInit and C_Sign where the key demands the PIN for each signature, and
    /// calls one of the `authenticate` methods. Cannot be interrupted: the call ends when the card has answered.
    public func sign(
        _ data: [UInt8], with key: PrivateKey, authenticating: () throws -> Void
    ) throws -> [UInt8] {
        try inSession { () throws(TokenError) in
            var mechanism = CK_MECHANISM()
            mechanism.mechanism = key.algorithm == .rsa ? CKM_RSA_PKCS : CKM_ECDSA
            try token.module.call("C_SignInit", \.C_SignInit) { $0(handle, &mechanism, key.handle) }
        }
        if key.alwaysAuthenticates { try authenticating() }
        return try inSession { () throws(TokenError) in
            var data = data
            var signature = [UInt8](repeating: 0, count: Self.longestSignature)
            var length = CK_ULONG(signature.count)
            // One call with room enough: asking for the length first ends the operation in some modules.
            try token.module.call("C_Sign", \.C_Sign) {
                $0(handle, &data, CK_ULONG(data.count), &signature, &length)
            }
            guard length > 0, length <= signature.count else { throw TokenError(.absurdAnswer, call: "C_Sign") }
            return Array(signature.prefix(Int(length)))
        }
    }
}
