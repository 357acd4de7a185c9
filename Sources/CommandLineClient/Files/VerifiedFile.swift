// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PortalContract
import Texts

/// A signature that was judged, for people and programs.
struct VerifiedFile {
    let description: VerificationDescription
    let file: String
    /// Whether any certificate was trusted.
    let hasTrust: Bool
    /// Whether the person has what was signed as a file of its own, and need not be shown it.
    let hasContent: Bool

    var status: EndStatus {
        switch description.conclusion {
        case .valid: .good
        case .invalid: .invalid
        case .indeterminate: .indeterminate
        }
    }

    func print(on console: Console) {
        let texts = console.texts
        console.print(Details([(file, word(description.conclusion, texts))]))
        for (place, signer) in description.signers.enumerated() {
            console.print()
            console.print(details(signer, place + 1, texts))
        }
        if let text = description.contentText, !text.isEmpty, !hasContent {
            console.print()
            console.print(Cell(texts.text("What was signed:"), .strong))
            let end = text.hasSuffix("\n") ? text.dropLast() : text[...]
            for line in end.split(separator: "\n", omittingEmptySubsequences: false) {
                console.print(Cell("  \(line)"))
            }
        } else if description.contentLength >= 0 {
            console.print()
            console.print(
                sentence: texts.text(
                    "What was signed has %1 byte.", plural: "What was signed has %1 bytes.",
                    count: Int(description.contentLength)))
        }
        if !hasTrust {
            console.print()
            console.print(
                sentence: texts.text("No certificate is trusted: put your authorities' into %1.", TrustFolder.usual))
        }
    }

    private func word(_ conclusion: Conclusion, _ texts: Texts) -> Cell {
        switch conclusion {
        case .valid: Cell(texts.text("VALID"), .good)
        case .invalid: Cell(texts.text("INVALID"), .bad)
        case .indeterminate: Cell(texts.text("INDETERMINATE"), .warning)
        }
    }

    private func details(_ signer: SignerDescription, _ number: Int, _ texts: Texts) -> Details {
        let words = Words(texts: texts)
        var entries = [(texts.text("Signer %1", number), word(signer.conclusion, texts))]
        if let certificate = signer.certificate {
            entries += [
                (texts.text("Holder"), Cell(texts.holder(certificate.holder))),
                (
                    certificate.identityKind.label(texts),
                    Cell(certificate.maskedIdentity)
                ),
                (texts.text("Certificate"), Cell(certificate.id)), (texts.text("Issuer"), Cell(certificate.issuer)),
                (texts.text("Qualified (NES)"), words.yesNo(certificate.qualified)),
                (
                    texts.text("Good"),
                    Cell("\(texts.date(certificate.notBefore)) – \(texts.date(certificate.notAfter))")
                ),
            ]
        }
        entries += [
            (texts.text("Signed at"), claimed(signer.signingTime, texts)), (texts.text("Level"), Cell(signer.level)),
            (texts.text("Digest"), Cell(signer.digest)),
        ]
        // Two codes can mean the same to a person.
        var meanings: [String] = []
        for reason in signer.reasons {
            let meaning = SignatureReasonText.meaning(of: reason, texts)
            if !meanings.contains(meaning) { meanings.append(meaning) }
        }
        entries += meanings.map { (texts.text("Reason"), Cell($0, .bad)) }
        entries += signer.notes.map { SignatureReasonText.meaning(ofNote: $0, texts) }
            .filter { !meanings.contains($0) }.map { (texts.text("Note"), Cell($0, .warning)) }
        return Details(entries)
    }

    private func claimed(_ seconds: Int64, _ texts: Texts) -> Cell {
        guard seconds != 0 else { return "" }
        return Cell("\(Words(texts: texts).exactDate(seconds).text) \(texts.text("(says the signer)"))")
    }

    func json(at now: Int64) -> JSON {
        [
            "file": .string(file), "conclusion": .string(description.conclusion.rawValue),
            "content_type": .optional(description.contentType),
            "content_length": description.contentLength < 0 ? .null : .integer(description.contentLength),
            "content_text": description.contentText.map { .string($0) } ?? .null,
            "signers": .array(
                description.signers.map { signer in
                    [
                        "conclusion": .string(signer.conclusion.rawValue),
                        "reasons": .texts(signer.reasons.map(\.text)),
                        "notes": .texts(signer.notes.map(\.rawValue)),
                        "signing_time": .time(signer.signingTime), "level": .optional(signer.level),
                        "digest": .optional(signer.digest),
                        "certificate": signer.certificate.map { $0.json(at: now) } ?? .null,
                    ]
                }),
        ]
    }
}

/// The meaning of a judgement's stable names to a person; programs get the names.
enum SignatureReasonText {
    /// Sentences for a reason.
    static func meaning(of reason: SignatureReason, _ texts: Texts) -> String {
        let meaning = meaning(of: reason.fault, texts)
        guard reason.fault == .notQualified, let lack = QualificationReason(rawValue: reason.detail) else {
            return meaning
        }
        return "\(meaning) \(QualificationText.meaning(of: lack, texts))"
    }

    /// A sentence for a note.
    static func meaning(ofNote note: SignatureNote, _ texts: Texts) -> String {
        switch note {
        case .attributesUnsorted:
            texts.text("The signed attributes stand in the file in another order than the standard's.")
        case .revocationUnknown: texts.text("Whether the certificate was revoked is not known.")
        case .timeStampUnjudged: texts.text("It bears a time stamp, which was not looked into.")
        case .counterSignatureUnjudged:
            texts.text("It was countersigned; those signatures were not looked into.")
        }
    }

    private static func meaning(of fault: SignatureFault, _ texts: Texts) -> String {
        switch fault {
        case .tooLarge, .tooManyParts: texts.text("The signature is larger than any honest one.")
        case .malformed, .notDER, .attributeMalformed, .attributeRepeated:
            texts.text("The signature is broken.")
        case .notCMS, .notSignedData: texts.text("There is no signature in the file.")
        case .noSigner: texts.text("Nobody has signed it.")
        case .contentMissing: texts.text("What was signed is not in the file: name it with --content.")
        case .contentDiffers: texts.text("The given file is not the content that the signature holds.")
        case .digestMismatch: texts.text("What was signed has been changed since, or is another file.")
        case .attributesMissing, .contentTypeMissing, .contentTypeMismatch, .messageDigestMissing,
            .signingTimeMissing, .signingCertificateMissing:
            texts.text("The signature lacks what a CAdES signature must have.")
        case .algorithmMismatch: texts.text("The signature names two different ways in which it was made.")
        case .signatureMismatch: texts.text("The signature was not made with this certificate's key.")
        case .certificateMissing: texts.text("The signer's certificate is not in the file.")
        case .certificateUnreadable, .certificateMismatch:
            texts.text("The signer's certificate is broken, or not the one that the signature names.")
        case .keyWeak, .digestWeak, .keyUnsupported, .keyInvalid, .algorithmUnsupported, .chainWeak:
            texts.text("Its algorithm or key is too weak, or not known here.")
        case .expired:
            texts.text("The certificate has expired, and nothing proves that it was signed before.")
        case .notYetValid: texts.text("The certificate is not valid yet.")
        case .untrustedIssuer: texts.text("None of the certificates that are trusted has issued the signer's.")
        case .authorityOutOfTime, .chainBroken, .chainForbidden:
            texts.text("The certificates above the signer's do not lead to a trusted one.")
        case .notQualified: texts.text("This certificate is not a qualified one for signing (NES).")
        case .revoked: texts.text("The certificate was revoked.")
        case .authorityRevoked, .authoritySuspended:
            texts.text("The certificate of an authority above the signer was revoked.")
        case .suspended: texts.text("The certificate has not been opened yet, or is suspended.")
        case .internalFailure: texts.text("E-Onay itself failed.")
        case .notAttached, .notData, .notOneSigner, .versionOneReference, .unexpectedParts:
            texts.text("E-Onay could not judge it: eonay verify --json names the reason.")
        }
    }
}

/// The meaning of what a certificate lacks.
enum QualificationText {
    static func meaning(of reason: QualificationReason, _ texts: Texts) -> String {
        switch reason {
        case .authority: texts.text("It is a certification authority's, not a person's.")
        case .noNonRepudiation: texts.text("Its key is not for signatures that somebody answers for.")
        case .noQcCompliance: texts.text("It does not state that it is a qualified certificate (ETSI).")
        case .noNationalStatement: texts.text("It does not state that it is one under Turkish law 5070.")
        case .noUserNotice: texts.text("It has no user notice, which must say to people what it is.")
        case .seal: texts.text("It is an institution's seal.")
        case .usageRestricted: texts.text("It restricts its use in a way that E-Onay does not know.")
        case .testCertificate: texts.text("It was issued for tests.")
        }
    }
}
