// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import SystemBasics
import Texts

/// The ends of certificates as a calendar (RFC 5545).
///
/// Each event is an instant in UTC and not a whole day: a certificate ends at a second, which a day would only name in one time zone,
/// and the alarms then ring when the service reminds. Whoever imports the file again gets the same events, by their UID.
struct ExpiryCalendar {
    let texts: Texts
    /// The days before an end on which the service reminds, by the issuer.
    let ladder: (Issuer) -> ReminderLadder
    /// The time of writing.
    let now: Int64

    func text(_ certificates: [ExpiringCertificate]) -> String {
        let head = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//E-Onay//eonay \(Release.version)//EN", "CALSCALE:GREGORIAN",
        ]
        let lines = head + certificates.flatMap(event) + ["END:VCALENDAR"]
        return lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    private func event(_ certificate: ExpiringCertificate) -> [String] {
        let summary = texts.text("The certificate of %1 ends", texts.holder(certificate.holder))
        let description = [
            texts.text("Issuer: %1", certificate.issuer),
            texts.text("Certificate: %1", String(certificate.id.prefix(8))),
            texts.text("Renew it before its end: eonay renew"),
        ]
        return [
            "BEGIN:VEVENT", "UID:\(certificate.id)-eonay", "DTSTAMP:\(Self.instant(now))",
            "DTSTART:\(Self.instant(certificate.notAfter))", "SUMMARY:\(Self.escaped(summary))",
            "DESCRIPTION:\(Self.escaped(description.joined(separator: "\n")))", "TRANSP:TRANSPARENT",
        ] + (certificate.isRemindedOf ? alarms(certificate, summary) : []) + ["END:VEVENT"]
    }

    /// One for each threshold of the reminders. Days are of 24 hours here, as the event is in UTC.
    private func alarms(_ certificate: ExpiringCertificate, _ summary: String) -> [String] {
        guard certificate.notAfter >= now else { return [] }
        return ladder(Issuer(certificate.issuer)).thresholds.flatMap { days in
            [
                "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:\(days == 0 ? "PT0S" : "-P\(days)D")",
                "DESCRIPTION:\(Self.escaped(summary))", "END:VALARM",
            ]
        }
    }

    /// "20261231T205959Z".
    private static func instant(_ seconds: Int64) -> String {
        let time = CivilTime(utc: seconds)
        return (time.date + "T" + time.clock + "Z").filter { $0 != "-" && $0 != ":" }
    }

    /// A value of type TEXT: control characters have no place in it (section 3.3.11).
    static func escaped(_ text: String) -> String {
        ShowableText.lines(text).reduce(into: "") { escaped, character in
            switch character {
            case "\\", ";", ",": escaped += "\\\(character)"
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
    }

    /// A line in parts of 75 octets at most, each after the first with a space in front, and no character torn (section 3.1).
    static func folded(_ line: String) -> String {
        var (folded, octets) = ("", 0)
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if octets + size > 75 {
                folded += "\r\n "
                octets = 1
            }
            folded.unicodeScalars.append(scalar)
            octets += size
        }
        return folded
    }
}
