// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// What the stable names of a judgement mean to a person; programs get the names.
enum SignatureReasonText {
    /// Sentences for a reason, "SIG_CRYPTO_FAILURE: signature-mismatch (detail)".
    static func meaning(of reason: String, _ texts: Texts) -> String {
        let words = reason.split(separator: ":").last?.split(separator: " ") ?? []
        let fault = words.first.map(String.init) ?? ""
        let detail = words.dropFirst().first.map { String($0.dropFirst().dropLast()) } ?? ""
        let meaning = container(fault, texts) ?? certificate(fault, texts)
        guard fault == "not-qualified" else {
            return meaning ?? texts.text("E-Onay could not judge it: eonay verify --json names the reason.")
        }
        let why = QualificationText.meaning(of: detail, texts)
        return [meaning, why == meaning ? nil : why].compactMap(\.self).joined(separator: " ")
    }

    /// A sentence for a note; nil for one that is unknown here.
    static func meaning(ofNote note: String, _ texts: Texts) -> String? {
        switch note {
        case "attributes-unsorted":
            texts.text("What the signature covers stands in the file in another order than the standard's.")
        case "revocation-unknown": texts.text("Whether the certificate was revoked is not known.")
        case "time-stamp-unjudged": texts.text("It bears a time stamp, which was not looked into.")
        case "counter-signature-unjudged":
            texts.text("It was countersigned; those signatures were not looked into.")
        default: nil
        }
    }

    private static func container(_ fault: String, _ texts: Texts) -> String? {
        switch fault {
        case "too-large", "too-many-parts": texts.text("The signature is larger than any honest one.")
        case "malformed", "not-der", "signed-attribute-malformed", "signed-attribute-repeated":
            texts.text("The signature is broken.")
        case "not-cms", "not-signed-data": texts.text("There is no signature in the file.")
        case "no-signer": texts.text("Nobody has signed it.")
        case "content-missing": texts.text("What was signed is not in the file: name it with --content.")
        case "content-differs": texts.text("The file given is not what the signature holds.")
        case "digest-mismatch": texts.text("What was signed has been changed since, or is another file.")
        case "signed-attributes-missing", "content-type-missing", "content-type-mismatch", "message-digest-missing",
            "signing-time-missing", "signing-certificate-missing":
            texts.text("The signature lacks what a CAdES signature must have.")
        case "algorithm-mismatch": texts.text("The signature names two different ways in which it was made.")
        case "signature-mismatch": texts.text("The signature was not made with this certificate's key.")
        default: nil
        }
    }

    private static func certificate(_ fault: String, _ texts: Texts) -> String? {
        switch fault {
        case "certificate-missing": texts.text("The signer's certificate is not in the file.")
        case "certificate-unreadable", "certificate-mismatch":
            texts.text("The signer's certificate is broken, or not the one that the signature names.")
        case "key-weak", "digest-weak", "key-unsupported", "key-invalid", "algorithm-unsupported", "chain-weak":
            texts.text("Its algorithm or key is too weak, or not known here.")
        case "certificate-expired":
            texts.text("The certificate has expired, and nothing proves that it was signed before.")
        case "certificate-not-yet-valid": texts.text("The certificate is not valid yet.")
        case "untrusted-issuer": texts.text("None of the certificates that are trusted has issued the signer's.")
        case "authority-out-of-time", "chain-broken", "chain-forbidden":
            texts.text("The certificates above the signer's do not lead to a trusted one.")
        case "not-qualified": texts.text("This certificate is not a qualified one for signing (NES).")
        case "certificate-revoked": texts.text("The certificate was revoked.")
        case "authority-revoked", "authority-suspended":
            texts.text("The certificate of an authority above the signer was revoked.")
        case "certificate-suspended": texts.text("The certificate has not been opened yet, or is suspended.")
        case "revocation-unknown": texts.text("Whether the certificate was revoked is not known.")
        case "internal-failure": texts.text("E-Onay itself failed.")
        default: nil
        }
    }
}
