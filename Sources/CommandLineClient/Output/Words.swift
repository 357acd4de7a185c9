// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

/// The words of the bus as people read them. A word that is unknown here, of a newer service, is shown as it is.
struct Words {
    let texts: Texts

    func phase(_ word: String) -> Cell {
        switch word {
        case "valid": Cell(texts.text("valid"), .good)
        case "renewal-due": Cell(texts.text("renew now"), .warning)
        case "expired": Cell(texts.text("expired"), .bad)
        case "not-yet-valid": Cell(texts.text("not valid yet"), .warning)
        default: Cell(word)
        }
    }

    func kind(_ word: String) -> Cell {
        switch CertificateKind(rawValue: word) {
        case .nes: "NES"
        case .mobileNES: Cell(texts.text("mobile NES"))
        case .seal: Cell(texts.text("company's seal"))
        case .eSeal: Cell(texts.text("e-seal"))
        case .authentication: Cell(texts.text("authentication"))
        case .encryption: Cell(texts.text("encryption"))
        case .other: Cell(texts.text("another kind"))
        case nil: Cell(word)
        }
    }

    func approval(_ word: String) -> Cell {
        switch word {
        case "none": Cell(texts.text("not given"), .faint)
        case "pending": Cell(texts.text("in progress"), .warning)
        case "accepted": Cell(texts.text("given"), .good)
        case "declined": Cell(texts.text("declined"), .strong)
        default: Cell(word)
        }
    }

    func decision(_ word: String) -> Cell {
        switch Decision(rawValue: word) {
        case .accept: Cell(texts.text("accept"))
        case .decline: Cell(texts.text("decline"))
        case nil: Cell(word)
        }
    }

    func result(_ word: String) -> Cell {
        switch word {
        case "recorded": Cell(texts.text("recorded"), .good)
        case "signed": Cell(texts.text("signed"), .good)
        case "changed": Cell(texts.text("changed"), .good)
        case "failed": Cell(texts.text("failed"), .bad)
        case "cancelled": Cell(texts.text("cancelled"), .faint)
        case "unknown": Cell(texts.text("not known"), .warning)
        default: Cell(word)
        }
    }

    func pukState(_ word: String) -> Cell {
        switch word {
        case "unknown", "ok": ""
        case "count-low": Cell(texts.text("a wrong PUK was entered"), .warning)
        default: pinState(word)
        }
    }

    func pinState(_ word: String) -> Cell {
        switch word {
        case "unknown": ""
        case "ok": Cell(texts.text("all tries left"), .good)
        case "count-low": Cell(texts.text("a wrong PIN was entered"), .warning)
        case "final-try": Cell(texts.text("one try left"), .bad)
        case "locked": Cell(texts.text("locked"), .bad)
        default: Cell(word)
        }
    }

    func watcher(_ word: String) -> Cell {
        switch word {
        case "starting": Cell(texts.text("starting"))
        case "watching": Cell(texts.text("watching"), .good)
        case "no-service": Cell(texts.text("the smart-card service pcscd is not running"), .bad)
        case "no-reader": Cell(texts.text("no card reader is connected"), .warning)
        case "denied": Cell(texts.text("the system refuses access"), .bad)
        default: Cell(word)
        }
    }

    /// The state of an approval.
    func state(_ word: String) -> String {
        switch word {
        case "checking": texts.text("asking card and portal")
        case "waiting-for-token": texts.text("waiting for the card")
        case "waiting-for-pin": texts.text("waiting for the PIN")
        case "signing": texts.text("signing")
        case "submitting": texts.text("handing it to the portal")
        case "done": texts.text("done")
        case "failed": texts.text("failed")
        case "cancelled": texts.text("cancelled")
        default: word
        }
    }

    func yesNo(_ value: Bool) -> Cell { Cell(value ? texts.text("yes") : texts.text("no")) }

    /// "3 days", "expired 3 days ago", or "today".
    func daysLeft(_ days: Int32) -> Cell {
        switch days {
        case ..<0: Cell(texts.text("%1 day ago", plural: "%1 days ago", count: Int(-days)), .bad)
        case 0: Cell(texts.text("less than a day"), .bad)
        default: Cell(texts.days(Int(days)))
        }
    }

    func day(_ seconds: Int64) -> Cell { Cell(seconds == 0 ? "" : texts.day(seconds)) }

    func date(_ seconds: Int64) -> Cell { Cell(seconds == 0 ? "" : texts.date(seconds)) }

    /// To the second, where the second matters.
    func exactDate(_ seconds: Int64) -> Cell {
        Cell(seconds == 0 ? "" : "\(texts.day(seconds)) \(texts.timeOfDay(seconds))")
    }
}
