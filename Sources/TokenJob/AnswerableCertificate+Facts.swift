// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Signatures

extension [AnswerableCertificate] {
    /// More than a card has; the answer must fit a frame.
    private static var most: Int { 8 }
    /// A certificate of a person has two or three thousand octets.
    private static var longest: Int { 16_384 }

    /// Those of a card's certificates that name a responder, each with its issuer's, if the card bears that. Authorities are left out.
    init(_ all: [CertificateFacts]) {
        self = []
        for facts in all where !facts.isAuthority && !facts.ocsp.isEmpty && facts.der.count <= Self.longest {
            guard count < Self.most, !contains(where: { $0.id == facts.id }) else { continue }
            let issuer = all.first { $0.isAuthority && $0.subject.der == facts.issuer.der }?.der
            append(
                AnswerableCertificate(
                    id: facts.id, certificate: facts.der, issuer: issuer.flatMap { $0.count <= Self.longest ? $0 : nil }
                ))
        }
    }
}
