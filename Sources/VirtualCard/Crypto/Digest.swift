// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// The digests that cards and certificates of the bench use.
enum Digest: Sendable {
    case sha1, sha256, sha384

    func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, method, nil)
        // Fails only where the platform's libcrypto lacks the digest, and then nothing here can work.
        precondition(done == 1, "libcrypto has no \(self)")
        return Array(digest.prefix(Int(length)))
    }

    var method: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        }
    }
}

/// Random bytes from libcrypto.
func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // Fails only without any source of randomness; going on with zeros would be worse than ending.
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no random bytes")
    return bytes
}

/// libcrypto refused: which call, and its own first reason.
public struct CryptoError: Error, Equatable, CustomStringConvertible {
    /// The call's name, such as "EVP_PKEY_sign".
    public let call: String
    /// libcrypto's packed code; 0 where it gave none.
    public let code: UInt
    /// libcrypto's words for the code.
    public let reason: String

    public var description: String { "\(call): \(reason)" }

    public static func == (left: CryptoError, right: CryptoError) -> Bool { left.code == right.code }

    /// Takes the error from this thread's queue, which must not have been left in between.
    init(call: String) {
        self.call = call
        code = UInt(ERR_get_error())
        reason =
            code == 0 ? "no reason given" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "code \(code)"
        ERR_clear_error()
    }

    /// For every libcrypto function that answers 1 when it succeeded.
    static func check(_ result: Int32, _ call: String) throws {
        guard result == 1 else { throw CryptoError(call: call) }
    }

    /// For every libcrypto function that answers a handle.
    static func check(_ handle: OpaquePointer?, _ call: String) throws -> OpaquePointer {
        guard let handle else { throw CryptoError(call: call) }
        return handle
    }
}
