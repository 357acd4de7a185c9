// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// What the stable names of a judgement's reasons mean ("SIG_CRYPTO_FAILURE: signature-mismatch (detail)").
enum SignatureReasonText {
    /// A sentence, or "" for a name that is unknown here.
    static func meaning(of reason: String, _ texts: Texts) -> String {
        let fault = reason.split(separator: ":").last?.split(separator: " ").first.map(String.init) ?? ""
        let meaning = container(fault, texts) + certificate(fault, texts)
        return meaning
    }

    private static func container(_ fault: String, _ texts: Texts) -> String {
        switch fault {
        case "too-large", "too-many-parts": texts.text("The signature is larger than any honest one.")
        case "malformed", "not-signed-data", "not-der", "signed-attribute-malformed",
            "signed-attribute-repeated":
            texts.text("This is not a signature, or a broken one.")
        case "no-signer": texts.text("Nobody has signed it.")
        case "content-missing": texts.text("What was signed is not in the file: name it with --content.")
        case "content-differs": texts.text("The file given is not what the signature holds.")
        case "digest-mismatch": texts.text("What was signed has been changed since, or is another file.")
        case "signed-attributes-missing", "content-type-missing", "content-type-mismatch", "message-digest-missing",
            "signing-time-missing", "signing-certificate-missing", "algorithm-mismatch":
            texts.text("The signature lacks what a CAdES signature must have.")
        case "signature-mismatch": texts.text("The signature was not made with this certificate's key.")
        default: ""
        }
    }

    private static func certificate(_ fault: String, _ texts: Texts) -> String {
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
        case "certificate-revoked", "authority-revoked": texts.text("The certificate was revoked.")
        case "revocation-unknown": texts.text("Whether the certificate was revoked is not known.")
        case "internal-failure": texts.text("E-Onay itself failed.")
        default: ""
        }
    }
}
