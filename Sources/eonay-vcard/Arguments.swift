// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import SystemBasics
public import VirtualCard

extension CardDescription.Model: ExpressibleByArgument {}
extension CertificateKind: ExpressibleByArgument {}
extension TestAuthority.Family: ExpressibleByArgument {}
extension CardKeyType: ExpressibleByArgument {}

extension AnswerToReset: ExpressibleByArgument {
    public init?(argument: String) { self.init(hex: argument) }
}

/// A certificate's file and, after a colon, its key's.
struct CertificateFile: ExpressibleByArgument {
    let certificate: String
    let key: String?

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
        guard let certificate = parts.first else { return nil }
        self.certificate = certificate
        key = parts.count == 2 ? parts[1] : nil
    }

    func content() throws -> CardContent {
        let key = try key.map { try SigningKey(try Files.read($0)) }
        return CardContent(certificate: try IssuedCertificate.readCertificate(certificate), key: key)
    }
}
