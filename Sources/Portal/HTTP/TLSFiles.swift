// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The portal's own certificate and key: PEM files, read again when they change, so that a renewed certificate is
/// served without a restart. Connections that are open keep the one they began with.
final class TLSFiles: Sendable {
    private struct Current {
        var identity: NIOSSLContextConfigurationOverride
        var changed: [Date]
    }

    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<Current>

    /// Throws where the files are no certificate chain and key.
    init(certificate: String, key: String) throws {
        certificatePath = certificate
        keyPath = key
        let changed = try Self.times([certificate, key])
        current = Mutex(Current(identity: try Self.read(certificate, key), changed: changed))
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

    /// Reads the files again if they changed; tells whether they did. What cannot be read leaves the old ones in use.
    func reload() throws -> Bool {
        let changed = try Self.times([certificatePath, keyPath])
        guard changed != current.withLock({ $0.changed }) else { return false }
        let identity = try Self.read(certificatePath, keyPath)
        current.withLock { $0 = Current(identity: identity, changed: changed) }
        return true
    }

    private static func times(_ paths: [String]) throws -> [Date] {
        try paths.map { path in
            try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date ?? .distantPast
        }
    }

    private static func read(_ certificate: String, _ key: String) throws -> NIOSSLContextConfigurationOverride {
        var identity = NIOSSLContextConfigurationOverride()
        identity.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
        identity.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        return identity
    }
}
