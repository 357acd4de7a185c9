// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Texts

/// What is told of a signature that was judged.
struct Judgement {
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

    func tell(_ console: Console) {
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

    private func word(_ conclusion: VerificationDescription.Conclusion, _ texts: Texts) -> Cell {
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
                    (IdentityKind(rawValue: certificate.identityKind) ?? .other).label(texts),
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
        entries += signer.notes.compactMap { SignatureReasonText.meaning(ofNote: $0, texts) }
            .filter { !meanings.contains($0) }.map { (texts.text("Note"), Cell($0, .warning)) }
        return Details(entries)
    }

    private func claimed(_ seconds: Int64, _ texts: Texts) -> Cell {
        guard seconds != 0 else { return "" }
        return Cell("\(Words(texts: texts).exactDate(seconds).text) \(texts.text("(says the signer)"))")
    }

    func json(at now: Int64) -> JSON {
        [
            "file": .text(file), "conclusion": .text(description.conclusion.rawValue),
            "content_type": .optional(description.contentType),
            "content_length": description.contentLength < 0 ? .null : .number(description.contentLength),
            "content_text": description.contentText.map { .text($0) } ?? .null,
            "signers": .list(
                description.signers.map { signer in
                    [
                        "conclusion": .text(signer.conclusion.rawValue), "reasons": .texts(signer.reasons),
                        "notes": .texts(signer.notes),
                        "signing_time": .time(signer.signingTime), "level": .optional(signer.level),
                        "digest": .optional(signer.digest),
                        "certificate": signer.certificate.map { $0.json(at: now) } ?? .null,
                    ]
                }),
        ]
    }
}
