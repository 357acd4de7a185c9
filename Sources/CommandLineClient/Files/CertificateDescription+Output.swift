// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PortalContract
import Texts

extension CertificateDescription {
    /// Everything that the certificate says, for people.
    func details(_ texts: Texts, at now: Int64) -> Details {
        let words = Words(texts: texts)
        let list = { (values: [String]) in Cell(values.joined(separator: "\n"), keepsLines: true) }
        var entries = [
            (texts.text("Certificate"), Cell(id)), (texts.text("Holder"), Cell(texts.holder(holder))),
            (identityKind.label(texts), Cell(maskedIdentity)),
            (texts.text("Subject"), Cell(subject)),
            (texts.text("Issuer"), Cell(issuer)), (texts.text("Serial number"), Cell(serialNumber)),
            (texts.text("Good from"), words.exactDate(notBefore)),
            (texts.text("Good until"), words.exactDate(notAfter)), (texts.text("State"), words.phase(phase(at: now))),
            (texts.text("Kind"), words.kind(kind.rawValue)),
            (
                texts.text("Qualified (NES)"),
                qualified
                    ? words.yesNo(true)
                    : Cell(
                        ([words.yesNo(false).text] + reasons.map { QualificationText.meaning(of: $0, texts) })
                            .joined(separator: "\n"), .bad, keepsLines: true)
            ),
            (texts.text("Test certificate"), isTest ? Cell(words.yesNo(true).text, .warning) : Cell("")),
            (texts.text("Key"), Cell(keyType)), (texts.text("Key usage"), Cell(keyUsage.joined(separator: ", "))),
        ]
        entries += [
            (texts.text("Policies"), list(policies)),
            (texts.text("Policy's notice"), Cell(policyNotice, keepsLines: true)),
            (texts.text("QC statements"), list(qcStatements)),
            (texts.text("Transaction limit"), list(limits.map { limit(of: $0, texts) })), ("OCSP", list(ocsp)),
            ("CRL", list(crl)),
            (
                texts.text("Unreadable"),
                Cell(unreadableExtensions.joined(separator: "\n"), .warning, keepsLines: true)
            ),
        ]
        return Details(entries)
    }

    /// An amount of 0 limits nothing (the Turkish profile's way of saying so).
    private func limit(of text: String, _ texts: Texts) -> String {
        text.hasPrefix("0 ") ? "\(text) (\(texts.text("no limit")))" : text
    }

    func json(at now: Int64) -> JSON {
        [
            "id": .string(id), "holder": .string(holder), "masked_identity": .optional(maskedIdentity),
            "identity_kind": identityKind == .none ? .null : .string(identityKind.rawValue),
            "subject": .string(subject), "issuer": .string(issuer), "serial_number": .string(serialNumber),
            "not_before": .integer(notBefore), "not_after": .integer(notAfter), "phase": .string(phase(at: now)),
            "key_type": .string(keyType), "kind": .string(kind.rawValue), "qualified": .bool(qualified),
            "reasons": .texts(reasons.map(\.rawValue)),
            "test": .bool(isTest), "policies": .texts(policies), "policy_notice": .optional(policyNotice),
            "qc_statements": .texts(qcStatements), "key_usage": .texts(keyUsage), "ocsp": .texts(ocsp),
            "crl": .texts(crl), "limits": .texts(limits), "unreadable_extensions": .texts(unreadableExtensions),
        ]
    }

    private func phase(at now: Int64) -> String {
        RenewalWindow.usual.phase(of: Validity(notBefore: notBefore, notAfter: notAfter), at: now).rawValue
    }
}

extension IdentityKind {
    /// The label of such a number.
    func label(_ texts: Texts) -> String {
        switch self {
        case .citizen: texts.text("T.C. Kimlik No")
        case .foreigner: texts.text("Foreigner's number")
        case .taxpayer: texts.text("Tax number (VKN)")
        case .other, .none: texts.text("Subject's number")
        }
    }
}
