// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Glibc
import SystemBasics
public import VirtualCard

/// The certificate that the authority shall issue.
struct CertificateOptions: ParsableArguments {
    @Option(help: "The holder's name.")
    var name = Holder.sukru.name

    @Option(help: "The holder's T.C. Kimlik No.")
    var identity = Holder.sukru.identity

    @Option(help: "The key: rsa-2048, ec-p256 or ec-p384.")
    var keyType = CardKeyType.rsa2048

    @Option(help: "The certificate ends in so many days. (default: as its kind says)")
    var daysLeft: Int?

    @Option(help: "The responder's address (OCSP).")
    var ocsp: String?

    @Option(help: "The revocation list's address.")
    var crl: String?

    @Option(help: "The address of the issuer's certificate.")
    var issuerAddress: String?

    var addresses: AuthorityAddresses { AuthorityAddresses(ocsp: ocsp, crl: crl, issuer: issuerAddress) }

    func request(_ kind: IssuedKind, now: Int64) -> CertificateRequest {
        var request = CertificateRequest(kind, for: Holder(name: name, identity: identity), keyType: keyType)
        if let daysLeft {
            let end = now + Int64(daysLeft) * 86_400
            (request.notBefore, request.notAfter) = (end - 1095 * 86_400, end)
        }
        return request
    }
}

/// Seconds since 1970 on this computer's clock.
func currentTime() -> Int64 { Int64(time(nil)) }

extension CardDescription.Model: ExpressibleByArgument {}
extension IssuedKind: ExpressibleByArgument {}
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
