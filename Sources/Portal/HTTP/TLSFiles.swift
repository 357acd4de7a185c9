// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOSSL
import Synchronization

/// The portal's own certificate and key, in PEM files. They are read again while the portal runs, so that it serves a
/// renewed certificate without a restart. Open connections keep the certificate that they began with.
///
/// A renewal writes the two files one after the other. No handshake succeeds with a certificate and the key of another
/// one, so such a pair is an error, and the pair before it stays in use.
final class TLSFiles: Sendable {
    /// The files are not a certificate chain and its key.
    struct Unusable: Error, CustomStringConvertible {
        /// The file, or both.
        let files: String
        let reason: String

        var description: String { "\(files): \(reason)" }
    }

    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<NIOSSLContextConfigurationOverride>

    /// Throws `Unusable`.
    init(certificate: String, key: String) throws(Unusable) {
        (certificatePath, keyPath) = (certificate, key)
        current = Mutex(try Self.read(certificate, key))
    }

    /// TLS 1.2 and above, with the certificate that is current at the time of a handshake.
    func configuration() throws -> TLSConfiguration {
        let identity = current.withLock { $0 }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.certificateChain ?? [], privateKey: identity.privateKey!)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.sslContextCallback = { [self] _, promise in promise.succeed(current.withLock { $0 }) }
        return configuration
    }

    /// Reads the files again. True if they hold another certificate or key than before.
    ///
    /// - Throws: `Unusable`; the pair before stays in use.
    func reload() throws(Unusable) -> Bool {
        let identity = try Self.read(certificatePath, keyPath)
        return current.withLock { current in
            guard (identity.certificateChain, identity.privateKey) != (current.certificateChain, current.privateKey)
            else { return false }
            current = identity
            return true
        }
    }

    private static func read(_ certificate: String, _ key: String) throws(Unusable)
        -> NIOSSLContextConfigurationOverride
    {
        var identity = NIOSSLContextConfigurationOverride()
        do { identity.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) } } catch
        {
            throw Unusable(files: certificate, reason: "no PEM certificates that can be read")
        }
        do { identity.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)) } catch {
            throw Unusable(files: key, reason: "no PEM private key that can be read without a passphrase")
        }
        do {
            // BoringSSL compares the two when both are put into one context.
            _ = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: identity.certificateChain ?? [], privateKey: identity.privateKey!))
        } catch {
            throw Unusable(files: "\(certificate), \(key)", reason: "the key is not the certificate's")
        }
        return identity
    }
}
