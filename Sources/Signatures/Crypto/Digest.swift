// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// The digests that signatures here are made of.
enum Digest: String, Sendable, Hashable, CaseIterable {
    /// Broken for signatures; only names certificates and keys (RFC 5035 version 1, RFC 6960).
    case sha1 = "sha-1"
    case sha256 = "sha-256"
    case sha384 = "sha-384"
    case sha512 = "sha-512"

    var identifier: ObjectIdentifier {
        switch self {
        case .sha1: ObjectIdentifier(1, 3, 14, 3, 2, 26)
        case .sha256: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1)
        case .sha384: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 2)
        case .sha512: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 3)
        }
    }

    init?(_ identifier: ObjectIdentifier) {
        guard let digest = Self.allCases.first(where: { $0.identifier == identifier }) else { return nil }
        self = digest
    }

    var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Too weak for a signature.
    var isWeak: Bool { self == .sha1 }

    /// OpenSSL's static description, never freed.
    var method: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        let output = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var size: UInt32 = 0
            let result = EVP_Digest(input, input.count, buffer.baseAddress, &size, method, nil)
            count = result == 1 ? Int(size) : 0
        }
        // Digesting memory fails only where none is left to allocate; a digest of zeros would be worse than stopping.
        precondition(output.count == length, "EVP_Digest failed")
        return output
    }
}
