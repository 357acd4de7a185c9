// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOSSL
import Synchronization

/// The portal's own certificate and key: PEM files, read again when they change, so that a renewed certificate is
/// served without a restart. Connections that are open keep the one they began with.
///
/// The two files are written one after the other. A certificate without its key would let no handshake through, so a
/// pair that does not match is no change yet: the one before stays in use.
final class TLSFiles: Sendable {
    private struct Current {
        var identity: NIOSSLContextConfigurationOverride
        var stamps: [Stamp]
    }

    /// What of a file changes when its content does, also where its name leads to another one now.
    private struct Stamp: Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let times: [Int]
    }

    /// Files that are no certificate chain and its key.
    struct Unusable: Error, CustomStringConvertible {
        /// The file, or both.
        let files: String
        let reason: String

        var description: String { "\(files): \(reason)" }
    }

    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<Current>

    /// Throws `Unusable`.
    init(certificate: String, key: String) throws(Unusable) {
        certificatePath = certificate
        keyPath = key
        let stamps = [try Self.stamp(certificate), try Self.stamp(key)]
        current = Mutex(Current(identity: try Self.read(certificate, key), stamps: stamps))
    }

    /// TLS 1.2 and above, with whatever the files hold at the time of a handshake.
    func configuration() throws -> TLSConfiguration {
        let identity = current.withLock { $0.identity }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.certificateChain ?? [], privateKey: identity.privateKey!)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.sslContextCallback = { [self] _, promise in promise.succeed(current.withLock { $0.identity }) }
        return configuration
    }

    /// Reads the files again if they changed; tells whether they did. Throws `Unusable`, and leaves the old ones in use.
    func reload() throws(Unusable) -> Bool {
        let stamps = [try Self.stamp(certificatePath), try Self.stamp(keyPath)]
        guard stamps != current.withLock({ $0.stamps }) else { return false }
        let identity = try Self.read(certificatePath, keyPath)
        current.withLock { $0 = Current(identity: identity, stamps: stamps) }
        return true
    }

    private static func stamp(_ path: String) throws(Unusable) -> Stamp {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw Unusable(files: path, reason: String(cString: strerror(errno)))
        }
        return Stamp(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            times: [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ])
    }

    private static func read(_ certificate: String, _ key: String) throws(Unusable)
        -> NIOSSLContextConfigurationOverride
    {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
            throw Unusable(files: certificate, reason: "no PEM certificates that can be read")
        }
        let privateKey: NIOSSLPrivateKey
        do { privateKey = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw Unusable(files: key, reason: "no PEM private key that can be read without a passphrase")
        }
        var identity = NIOSSLContextConfigurationOverride()
        identity.certificateChain = chain.map { .certificate($0) }
        identity.privateKey = .privateKey(privateKey)
        do {
            // BoringSSL compares them when both are put into one context.
            _ = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: identity.certificateChain ?? [], privateKey: .privateKey(privateKey)))
        } catch {
            throw Unusable(files: "\(certificate), \(key)", reason: "the key is not the certificate's")
        }
        return identity
    }
}
