// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

extension Texts {
    /// The meaning of an error and its remedy, whatever its detail. An error without its sentences does not compile.
    func sentences(_ error: ErrorName) -> ErrorText {
        switch error {
        case .invalidArgument:
            ErrorText(
                what: text("Something that was given is unknown, of the wrong kind or out of range."),
                remedy: text("Check what was given; programs find in the interface's description what each call takes.")
            )
        case .noCertificate:
            ErrorText(
                what: text("No certificate is known that could do this."),
                remedy: text("Put in the card that holds your certificate."))
        case .ambiguousCertificate:
            ErrorText(
                what: text("More than one certificate could do this."),
                remedy: text(
                    "Name the one you mean by the first eight digits of its id, which eonay certificates shows."))
        case .noToken:
            ErrorText(
                what: text("The card that holds this certificate is not in a reader."), remedy: text("Put the card in.")
            )
        case .noReader:
            ErrorText(what: text("No card reader is connected."), remedy: text("Connect the reader."))
        case .noCardService:
            ErrorText(
                what: text("The smart-card service pcscd is not running."),
                remedy: text("Start it: sudo systemctl start pcscd.socket"))
        case .cardServiceMissing:
            ErrorText(
                what: text("The smart-card service pcscd is not installed."),
                remedy: text(
                    "Install the package pcscd: sudo apt install pcscd (on Fedora: sudo dnf install pcsc-lite)"))
        case .accessDenied:
            ErrorText(
                what: text("The system refuses access to the smart cards."),
                remedy: text("Use the computer's own screen: a remote or inactive session has no access."))
        case .noModule:
            ErrorText(
                what: text("No driver (PKCS#11 module) knows this card."),
                remedy: text("Install the card maker's driver, or name it under Modules in eonay.conf."))
        case .moduleUnusable:
            ErrorText(
                what: text("The card's driver (PKCS#11 module) cannot be loaded."),
                remedy: text(
                    "Install what it lacks, or the version for this computer: eonay doctor says what the system's loader objects to."
                ))
        case .ambiguousReader:
            ErrorText(
                what: text("Two readers have the same long name, and nothing shows which of them this card is in."),
                remedy: text("Take the card out of one of the two and put it in again."))
        case .tokenBusy:
            ErrorText(
                what: text("The card is in use."),
                remedy: text("Close the other program that uses it, or wait for the approval in progress."))
        case .tokenRemoved:
            ErrorText(what: text("The card was pulled out."), remedy: text("Put it in and start again."))
        case .tokenFailed:
            ErrorText(
                what: text("The card or its driver failed."),
                remedy: text("Pull the card, put it in again, and try once more."))
        case .notQualified:
            ErrorText(
                what: text("This certificate is not a qualified one for signing (NES)."),
                remedy: text("Use the card with your NES."))
        case .userNoticeMissing:
            ErrorText(
                what: text("The certificate does not say to its reader what it is, as a qualified one (NES) must."),
                remedy: text("Use the card with your NES; if this is it, ask your certification centre."))
        case .certificateNotYetValid:
            ErrorText(
                what: text("The certificate is not valid yet."), remedy: text("Wait for the start of its validity."))
        case .certificateExpired:
            ErrorText(
                what: text("The certificate has expired."),
                remedy: text("Apply for a new one on paper: an expired certificate cannot be renewed electronically."))
        case .certificateRevoked:
            ErrorText(what: text("The certificate was revoked."), remedy: text("Ask your certification centre."))
        case .certificateSuspended:
            ErrorText(
                what: text("The certificate has not been opened yet, or is suspended."),
                remedy: text(
                    "Open it at your certification centre; for Kamu SM at Online İşlemler (onlineislemler.kamusm.gov.tr)."
                ))
        case .revocationUnknown:
            ErrorText(
                what: text("The portal could not find out whether the certificate was revoked."),
                remedy: text("Try again later."))
        case .untrustedIssuer:
            ErrorText(
                what: text("The portal does not trust the issuer of this certificate."),
                remedy: text("Ask the portal which issuers it accepts."))
        case .invalidIdentity:
            ErrorText(what: text("This is not a T.C. Kimlik No."), remedy: text("Check its eleven digits."))
        case .identityMismatch:
            ErrorText(
                what: text("The card belongs to somebody else than the T.C. Kimlik No given."),
                remedy: text("Use your own card and your own number."))
        case .invalidDecision:
            ErrorText(
                what: text("The decision is neither \"accept\" nor \"decline\"."),
                remedy: text("Say which one you mean."))
        case .invalidCode:
            ErrorText(
                what: text("This is not a verification code, or the portal does not know it."),
                remedy: text(
                    "Copy all 15 digits from the portal's page; where several portals are set up, name it with --portal."
                ))
        case .codeExpired:
            ErrorText(
                what: text("The time for the verification code ran out."),
                remedy: text("Start again: a new code is given."))
        case .codeUsed:
            ErrorText(
                what: text("The verification code was used already."), remedy: text("Start again: a new code is given.")
            )
        case .statementChanged:
            ErrorText(
                what: text(
                    "The portal's declaration is not the one that was shown to you; nothing was signed under it."),
                remedy: text("Start again and read the new text."))
        case .pinCancelled:
            ErrorText(what: text("You closed the PIN prompt."), remedy: text("Start again when you are ready."))
        case .promptDeferred:
            ErrorText(
                what: text("You have just closed a PIN prompt of this program, so it has to wait before the next."),
                remedy: text("Start again in a minute."))
        case .pinIncorrect:
            ErrorText(
                what: text("The PIN was wrong."),
                remedy: text("Start again with the right one; after the third wrong try the card locks."))
        case .pinFinalTry:
            ErrorText(
                what: text("One PIN try is left; another wrong PIN locks the card."),
                remedy: text(
                    "If you are sure of your PIN, start it as a command with --final-try: eonay approve, sign, renew or pin change."
                ))
        case .pinLocked:
            ErrorText(
                what: text("The PIN is locked."),
                remedy: text("Unlock it with your PUK: eonay pin unblock, or at your certification centre."))
        case .pinInvalid:
            ErrorText(
                what: text("A PIN of this length or with these characters cannot be the card's."),
                remedy: text("Check it; it was not tried."))
        case .pinChangeRequired:
            ErrorText(
                what: text("The card demands a new PIN first."), remedy: text("Change it: eonay pin change"))
        case .pinMismatch:
            ErrorText(
                what: text("The two entries of the new PIN were different; the present PIN still holds."),
                remedy: text("Start again, and enter the new PIN twice alike."))
        case .pukIncorrect:
            ErrorText(
                what: text("The PUK was wrong."),
                remedy: text("Look it up before you start again: too many wrong PUKs make the card useless for ever."))
        case .pukFinalTry:
            ErrorText(
                what: text("One PUK try is left; another wrong PUK makes the card useless for ever."),
                remedy: text(
                    "If you are sure of your PUK: eonay pin unblock --final-try; else ask your certification centre."))
        case .pukLocked:
            ErrorText(
                what: text("The PUK is locked; this card cannot be unlocked any more."),
                remedy: text("Ask your certification centre for a new card."))
        case .notSupported:
            ErrorText(
                what: text("The card's driver does not do this for this card."),
                remedy: text("Use the card maker's own program (for AKİS: AKİA), or your certification centre's page."))
        case .pinPromptUnavailable:
            ErrorText(
                what: text("There is no way to ask for the PIN here."),
                remedy: text(
                    "Install pinentry-gnome3 or pinentry-qt, or start it on a terminal: eonay approve, sign, renew or pin."
                ))
        case .portalNotConfigured:
            ErrorText(
                what: text("No such portal is configured."),
                remedy: text("Name it in eonay.conf: a group [Portal \"name\"] with Origin=https://…"))
        case .portalUnreachable:
            ErrorText(
                what: text("The portal does not answer."),
                remedy: text("Check the network and try again later; eonay doctor says what is in the way."))
        case .portalRefused:
            ErrorText(
                what: text("The portal refused."), remedy: text("Try again later; if it persists, ask the portal."))
        case .portalUntrusted:
            ErrorText(
                what: text("The portal's answer is not what an honest portal would send; nothing was signed for it."),
                remedy: text("Check the portal's address in eonay.conf, and tell its operator."))
        case .cancelled:
            ErrorText(what: text("It was cancelled."), remedy: text("Start again when you are ready."))
        case .limitExceeded:
            ErrorText(
                what: text("Too much is in progress for one more."),
                remedy: text("Finish or cancel an approval, or try again in a moment."))
        case .storeFailed:
            ErrorText(
                what: text("The record on this computer's disk could not be written."),
                remedy: text("Make room in your home folder and check its permissions: eonay doctor says which."))
        case .stateInUse:
            ErrorText(
                what: text("Another E-Onay service of yours keeps the record on this computer's disk."),
                remedy: text("Use E-Onay in the session where that one runs, or log out of that session first."))
        case .noConsent:
            ErrorText(
                what: text("The portal has no E-Onay of yours that stands, and an application needs one."),
                remedy: text("Give it first: eonay approve --accept, or on the portal's pages."))
        case .tooEarly:
            ErrorText(
                what: text("The portal does not accept the renewal of this certificate yet."),
                remedy: text("Try again nearer to its end; you will be reminded."))
        case .alreadyFiled:
            ErrorText(
                what: text("An application for this certificate has been filed already."),
                remedy: text("There is nothing more to do; the portal's pages show it."))
        case .internal:
            ErrorText(
                what: text("E-Onay itself failed."),
                remedy: text("Please report it with the log: journalctl --user -u eonayd"))
        }
    }
}
