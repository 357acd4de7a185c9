// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The certificates that travel with a signature, read as far as they can be.
struct CertificateBag {
    private(set) var facts: [CertificateFacts] = []
    private(set) var hasUnreadable = false

    init(_ certificates: [[UInt8]]) {
        for der in certificates {
            do throws(CertificateError) {
                facts.append(try CertificateFacts.read(der: der))
            } catch {
                hasUnreadable = true
            }
        }
    }
}
