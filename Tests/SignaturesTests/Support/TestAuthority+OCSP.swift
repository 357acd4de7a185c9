// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Signatures

extension TestAuthority {
    /// The serial number as the index of `openssl ca` has it.
    func indexLine(_ facts: CertificateFacts, revoked: String? = nil) -> String {
        let state = revoked.map { "R\t350101000000Z\t\($0)" } ?? "V\t350101000000Z\t"
        return "\(state)\t\(facts.serialNumber.uppercased())\tunknown\t/CN=x\n"
    }

    /// The answer of the openssl program's own responder, from files, as one of the certificates here.
    func answer(
        _ question: [UInt8], index: String, signer: String = "root", _ options: [String] = []
    ) throws -> [UInt8] {
        let output = try write([], as: "response.der")
        try Tool.run(
            "/usr/bin/openssl", debianPackage: "openssl",
            [
                "ocsp", "-index", write(Array(index.utf8), as: "index.txt"), "-CA", path("root.crt"), "-rsigner",
                path("\(signer).crt"), "-rkey", path("\(signer).key"), "-reqin",
                write(question, as: "request.der"), "-respout", output, "-rmd", "sha256",
            ] + options)
        return try Array(Data(contentsOf: URL(filePath: output)))
    }

    /// A question without a nonce, so that its answer has none either.
    func plainQuestion(_ certificate: CertificateFacts) -> [UInt8] {
        let list = DERWriter.sequence(DERWriter.sequence(OCSPCertificateID(certificate, issuer: root).der))
        return DERWriter.sequence(DERWriter.sequence(list))
    }
}
