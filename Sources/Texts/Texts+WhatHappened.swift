// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// What happened, by error name.
    func whatHappened(_ code: String) -> String {
        switch code {
        case "InvalidArgument":
            text("Something that was given is unknown, of the wrong kind or out of range.")
        case "NoCertificate":
            text("No certificate is known that could do this.")
        case "AmbiguousCertificate":
            text("More than one certificate could do this.")
        case "NoToken":
            text("The card that holds this certificate is not in a reader.")
        case "NoReader":
            text("No card reader is connected.")
        case "NoCardService":
            text("The smart-card service pcscd is not running.")
        case "CardServiceMissing":
            text("The smart-card service pcscd is not installed.")
        case "AccessDenied":
            text("The system refuses access to the smart cards.")
        case "NoModule":
            text("No driver (PKCS#11 module) knows this card.")
        case "ModuleUnusable":
            text("The card's driver (PKCS#11 module) cannot be loaded.")
        case "AmbiguousReader":
            text("Two readers have the same long name, and it cannot be told which of them this card is in.")
        case "TokenBusy":
            text("The card is in use.")
        case "TokenRemoved":
            text("The card was pulled out.")
        case "TokenFailed":
            text("The card or its driver failed.")
        case "NotQualified":
            text("This certificate is not a qualified one for signing (NES).")
        case "UserNoticeMissing":
            text("The certificate does not say to its reader what it is, as a qualified one (NES) must.")
        case "CertificateNotYetValid":
            text("The certificate is not valid yet.")
        case "CertificateExpired":
            text("The certificate has expired.")
        case "CertificateRevoked":
            text("The certificate was revoked.")
        case "CertificateSuspended":
            text("The certificate has not been opened yet, or is suspended.")
        case "RevocationUnknown":
            text("The portal could not find out whether the certificate was revoked.")
        case "UntrustedIssuer":
            text("The portal does not trust the issuer of this certificate.")
        case "InvalidIdentity":
            text("This is not a T.C. Kimlik No.")
        case "IdentityMismatch":
            text("The card belongs to somebody else than the T.C. Kimlik No given.")
        case "InvalidDecision":
            text("The decision is neither \"accept\" nor \"decline\".")
        case "InvalidCode":
            text("This is not a verification code, or the portal does not know it.")
        case "CodeExpired":
            text("The time for the verification code ran out.")
        case "CodeUsed":
            text("The verification code was used already.")
        case "StatementChanged":
            text(
                "The portal's declaration is not the one that was shown to you; nothing was signed under it.")
        case "PinCancelled":
            text("You closed the PIN prompt.")
        case "PromptDeferred":
            text("You have just closed a PIN prompt of this program, so it has to wait before the next.")
        case "PinIncorrect":
            text("The PIN was wrong.")
        case "PinFinalTry":
            text("One PIN try is left; another wrong PIN locks the card.")
        case "PinLocked":
            text("The PIN is locked.")
        case "PinInvalid":
            text("A PIN of this length or with these characters cannot be the card's.")
        case "PinChangeRequired":
            text("The card demands a new PIN first.")
        case "PinPromptUnavailable":
            text("There is no way to ask for the PIN here.")
        case "PortalNotConfigured":
            text("No such portal is configured.")
        case "PortalUnreachable":
            text("The portal does not answer.")
        case "PortalRefused":
            text("The portal refused.")
        case "PortalUntrusted":
            text("The portal's answer is not what an honest portal would send; nothing was signed for it.")
        case "Cancelled":
            text("It was cancelled.")
        case "LimitExceeded":
            text("Too much is in progress for one more.")
        case "StoreFailed":
            text("The record on this computer's disk could not be written.")
        case "StateInUse":
            text("Another E-Onay service of yours keeps the record on this computer's disk.")
        case "NoConsent":
            text("The portal has no E-Onay of yours that stands, and an application needs one.")
        case "TooEarly":
            text("The portal does not take the renewal of this certificate yet.")
        case "AlreadyFiled":
            text("An application for this certificate has been filed already.")
        default:
            text("E-Onay itself failed.")
        }
    }
}
