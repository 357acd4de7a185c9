// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension Texts {
    /// What to do next, by error name.
    func whatToDo(_ code: String) -> String {
        switch code {
        case "InvalidArgument":
            text("Check what was given; programs find in the interface's description what each call takes.")
        case "NoCertificate":
            text("Put in the card that holds your certificate.")
        case "AmbiguousCertificate":
            text("Name the one you mean by the first eight digits of its id, which eonay certificates shows.")
        case "NoToken":
            text("Put the card in.")
        case "NoReader":
            text("Connect the reader.")
        case "NoCardService":
            text("Start it: sudo systemctl start pcscd.socket")
        case "CardServiceMissing":
            text("Install the package pcscd: sudo apt install pcscd (on Fedora: sudo dnf install pcsc-lite)")
        case "AccessDenied":
            text("Use the computer's own screen: a remote or inactive session has no access.")
        case "NoModule":
            text("Install the card maker's driver, or name it under Modules in eonay.conf.")
        case "ModuleUnusable":
            text(
                "Install what it lacks, or the version for this computer: eonay tokens says what the system's loader objects to."
            )
        case "AmbiguousReader":
            text("Take the card out of one of the two and put it in again.")
        case "TokenBusy":
            text("Close the other program that uses it, or wait for the approval in progress.")
        case "TokenRemoved":
            text("Put it in and start again.")
        case "TokenFailed":
            text("Pull the card, put it in again, and try once more.")
        case "NotQualified":
            text("Use the card with your NES.")
        case "UserNoticeMissing":
            text("Use the card with your NES; if this is it, ask your certification centre.")
        case "CertificateNotYetValid":
            text("Wait for the start of its validity.")
        case "CertificateExpired":
            text("Apply for a new one on paper: an expired certificate cannot be renewed electronically.")
        case "CertificateRevoked":
            text("Ask your certification centre.")
        case "CertificateSuspended":
            text(
                "Open it at your certification centre; for Kamu SM at Online İşlemler (onlineislemler.kamusm.gov.tr).")
        case "RevocationUnknown":
            text("Try again later.")
        case "UntrustedIssuer":
            text("Ask the portal which issuers it accepts.")
        case "InvalidIdentity":
            text("Check its eleven digits.")
        case "IdentityMismatch":
            text("Use your own card and your own number.")
        case "InvalidDecision":
            text("Say which one you mean.")
        case "InvalidCode":
            text("Copy all 15 digits from the portal's page; where several portals are set up, name it with --portal.")
        case "CodeExpired":
            text("Start again: a new code is given.")
        case "CodeUsed":
            text("Start again: a new code is given.")
        case "StatementChanged":
            text("Start again and read the new text.")
        case "PinCancelled":
            text("Start again when you are ready.")
        case "PromptDeferred":
            text("Start again in a minute.")
        case "PinIncorrect":
            text("Start again with the right one; after the third wrong try the card locks.")
        case "PinFinalTry":
            text(
                "If you are sure of your PIN, start it as a command with --final-try: eonay approve, sign or renew.")
        case "PinLocked":
            text("Unlock it with your PUK in the card maker's program or at your certification centre.")
        case "PinInvalid":
            text("Check it; it was not tried.")
        case "PinChangeRequired":
            text("Change it in the card maker's program.")
        case "PinPromptUnavailable":
            text("Install pinentry-gnome3 or pinentry-qt, or start it on a terminal: eonay approve, sign or renew.")
        case "PortalNotConfigured":
            text("Name it in eonay.conf: a group [Portal \"name\"] with Origin=https://…")
        case "PortalUnreachable":
            text("Check the network and try again later.")
        case "PortalRefused":
            text("Try again later; if it persists, ask the portal.")
        case "PortalUntrusted":
            text("Check the portal's address in eonay.conf, and tell its operator.")
        case "Cancelled":
            text("Start again when you are ready.")
        case "LimitExceeded":
            text("Finish or cancel an approval, or try again in a moment.")
        case "StoreFailed":
            text("Make room in your home folder and check its permissions.")
        case "StateInUse":
            text("Use E-Onay in the session where that one runs, or log out of that session first.")
        case "NoConsent":
            text("Give it first: eonay approve --accept, or on the portal's pages.")
        case "TooEarly":
            text("Try again nearer to its end; you will be reminded.")
        case "AlreadyFiled":
            text("There is nothing more to do; the portal's pages show it.")
        default:
            text("Please report it with the log: journalctl --user -u eonayd")
        }
    }
}
