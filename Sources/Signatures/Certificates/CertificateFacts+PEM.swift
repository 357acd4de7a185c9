// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension CertificateFacts {
    /// Reads one certificate in DER, or every certificate in a PEM text, in its order.
    ///
    /// Throws where there is none, or where any of them cannot be read.
    public static func readAll(_ bytes: [UInt8]) throws(CertificateError) -> [CertificateFacts] {
        guard bytes.first != DERTag.sequence else { return [try read(der: bytes)] }
        let blocks = try PEM.blocks(bytes).filter { PEM.certificateLabels.contains($0.label) }
        guard !blocks.isEmpty else { throw CertificateError(code: .badArmour, detail: "no certificate") }
        var all: [CertificateFacts] = []
        for block in blocks { all.append(try read(der: block.der)) }
        return all
    }
}
