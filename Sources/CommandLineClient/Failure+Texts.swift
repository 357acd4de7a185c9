// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import Texts

extension Failure {
    /// What happened and what to do about it.
    func explained(_ texts: Texts) -> (what: String, remedy: String) {
        switch code {
        case .contract(.promptDeferred) where Int64(detail) != nil:
            let left = texts.duration(seconds: Int64(detail) ?? 0)
            return (texts.error("PromptDeferred").what, texts.text("Start again in %1.", left))
        case .contract(let error):
            let text = texts.error(error.rawValue, detail: technical)
            return (text.what, text.remedy)
        case .noBus:
            return (
                texts.text("There is no session bus here."),
                texts.text("Log in to a desktop or by ssh with systemd; DBUS_SESSION_BUS_ADDRESS names the bus.")
            )
        case .serviceMissing:
            return (
                texts.text("The service eonayd does not run and could not be started."),
                texts.text("Install the package eonay, or start it: systemctl --user start eonayd")
            )
        case .serviceLost:
            return (
                texts.text("The service eonayd has ended."),
                texts.text("Look into its log: journalctl --user -u eonayd")
            )
        case .serviceSilent:
            return (
                texts.text("The service eonayd does not answer."),
                texts.text("Start it anew: systemctl --user restart eonayd")
            )
        case .serviceForeign:
            return (
                texts.text("The service eonayd that runs is of another version than this program."),
                texts.text("Start it anew: systemctl --user restart eonayd")
            )
        case .outcomeUnknown:
            return (
                texts.text("Your request has reached the portal, and its answer is not known yet."),
                texts.text("Look at eonay history, or at your page at the portal, before you start again.")
            )
        default: return explainedBesidesService(texts)
        }
    }

    private func explainedBesidesService(_ texts: Texts) -> (what: String, remedy: String) {
        switch code {
        case .usage:
            usage?.explained(texts) ?? (
                texts.text("The command was not understood."), texts.text("Look it up: eonay help")
            )
        case .unknownCertificate:
            (
                texts.text("No certificate with the id %1 is known.", Cell.showable(subject)),
                texts.text("See which there are: eonay certificates")
            )
        case .badCertificateID:
            (
                texts.text("%1 is not the id of a certificate.", Cell.showable(subject)),
                texts.text("Give eight or more of its first digits (0-9, a-f), as eonay certificates shows them.")
            )
        case .unknownReference:
            (
                texts.text("No decision with the reference %1 is recorded on this computer.", Cell.showable(subject)),
                texts.text("See which there are: eonay history --limit 0")
            )
        case .link:
            (
                texts.text("This is not an address that a portal's page has for E-Onay; nothing was signed."),
                texts.text("Copy the code from the page instead: eonay sign CODE")
            )
        case .linkPortal:
            (
                texts.text("The page's portal is none of those that this computer is set up for; nothing was signed."),
                texts.text("If you did not open the page yourself, close it; else ask who looks after this computer.")
            )
        case .linkAmbiguous:
            (
                texts.text("More than one certificate could do this."),
                texts.text("Leave only the card in that you mean, and press the page's button again.")
            )
        case .alreadyRunning:
            (
                texts.text("This is going on already."),
                texts.text("Look for its window, put the card in, or cancel it first.")
            )
        case .fileMissing:
            (texts.text("There is no such file or folder."), texts.text("Check how the name is written."))
        case .fileForbidden:
            (texts.text("You may not read this file or folder."), texts.text("Check its permissions."))
        case .fileIsFolder: (texts.text("This is a folder, not a file."), texts.text("Name a file in it."))
        case .fileUnreadable:
            (texts.text("The file cannot be read."), texts.text("Check its name and permissions."))
        case .fileTooLarge:
            (texts.text("The file is too large."), texts.text("See eonay(1) for the limits."))
        case .fileForeign:
            (
                texts.text("There is nothing in the file that could be read as what it should be."),
                texts.text("A certificate is expected in DER or PEM, a signature as CMS (.p7s).")
            )
        case .noSignature:
            (
                texts.text("There is no signature in the file."),
                texts.text("Name the signature itself (CMS, .p7s); one inside a PDF is not looked for.")
            )
        case .job:
            (
                texts.text("The program eonay-token, which reads certificates and signatures, failed."),
                texts.text("Reinstall the package eonay; if it persists, please report it.")
            )
        case .system:
            (texts.text("The system refused something that this program needs."), texts.text("Try again."))
        case .unknownError where !sentence.isEmpty: (Cell.showable(sentence), "")
        default:
            (
                texts.text("The service answered with an error that this program does not know."),
                texts.text("Please report it with the log: journalctl --user -u eonayd")
            )
        }
    }
}
