// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Glibc
import JobFrames
import Testing

extension TokenReply? {
    /// The signature, or the test ends with what came instead.
    func signature() throws -> [UInt8] {
        guard case .signed(let signature)? = self else {
            Issue.record("no signature but \(String(describing: self))")
            return try #require(nil)
        }
        return signature
    }

    func prepared() throws -> PreparedSigner {
        guard case .prepared(let prepared)? = self else {
            Issue.record("not prepared but \(String(describing: self))")
            return try #require(nil)
        }
        return prepared
    }

    func listed() throws -> TokenDescription {
        guard case .listed(let token?)? = self else {
            Issue.record("no list but \(String(describing: self))")
            return try #require(nil)
        }
        return token
    }

    func verified() throws -> VerificationDescription {
        guard case .verified(let verification)? = self else {
            Issue.record("no judgement but \(String(describing: self))")
            return try #require(nil)
        }
        return verification
    }

    func inspected() throws -> [CertificateDescription] {
        guard case .inspected(let certificates)? = self else {
            Issue.record("nothing inspected but \(String(describing: self))")
            return try #require(nil)
        }
        return certificates
    }

    /// The failure's name; "" where it is none.
    var failure: String {
        guard case .failed(let failure)? = self else { return "" }
        return failure.name.rawValue
    }

    /// Whether the module said that it does not know the card.
    var isUnrecognised: Bool { self == .listed(nil) }

    /// The PIN state that a wrong PIN has left.
    var pinState: PINState? {
        guard case .failed(let failure)? = self else { return nil }
        return failure.pinState
    }

    var detail: String {
        guard case .failed(let failure)? = self else { return "" }
        return failure.detail
    }
}

/// A pipe with lines in it, for a job's descriptor 4; closed by the kernel with this process's last copy.
final class PINLines {
    let descriptor: Int32

    convenience init(_ lines: String...) { self.init(joined: lines) }

    init(joined lines: [String]) {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let text = lines.map { $0 + "\n" }.joined()
        _ = text.utf8CString.withUnsafeBufferPointer { write(ends[1], $0.baseAddress, $0.count - 1) }
        close(ends[1])
        descriptor = ends[0]
    }

    deinit { close(descriptor) }
}
