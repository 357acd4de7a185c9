// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import SystemBasics
import Texts

/// The forms in which `eonay expiry` prints, besides the table, for other programs.
enum ExpiryFormat: String, CaseIterable {
    case table, json, csv, ics, prometheus

    /// The rights of a file in this form. Metrics name nobody, and another user's node_exporter reads them.
    var fileMode: UInt32 { self == .prometheus ? 0o644 : 0o600 }
}

/// A certificate in a list for other programs.
struct ExpiringCertificate: Equatable {
    let id, kind, holder, issuer, phase: String
    let notBefore, notAfter: Int64
    /// Whether the service reminds of its end.
    let isRemindedOf: Bool

    init(_ certificate: ServiceCertificate, remindingOf kinds: Set<CertificateKind> = CertificateKind.usuallyReminded) {
        (id, holder, issuer) = (certificate.id, certificate.holder, IdentityMask.masked(certificate.issuer))
        (phase, notBefore, notAfter) = (certificate.phase, certificate.notBefore, certificate.notAfter)
        kind = certificate.kind
        isRemindedOf = CertificateKind(rawValue: kind).map(kinds.contains) ?? false
    }

    func daysLeft(at now: Int64) -> Int { Validity(notBefore: notBefore, notAfter: notAfter).daysLeft(at: now) }
}

/// The metrics in Prometheus' text format, version 0.0.4, as node_exporter's textfile collector reads it.
///
/// The instant and not the time left: that is right whenever it is read. No name and no number is in it, so everybody may read it.
enum ExpiryMetrics {
    static let notAfter = "eonay_certificate_not_after_seconds"

    static func text(_ certificates: [ExpiringCertificate]) -> String {
        let head = """
            # HELP \(notAfter) The last second in which the certificate is good, in seconds since 1970 (UTC).
            # TYPE \(notAfter) gauge

            """
        return certificates.reduce(into: head) { text, certificate in
            let labels = [("id", certificate.id), ("kind", certificate.kind), ("issuer", certificate.issuer)]
            let pairs = labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
            text += "\(notAfter){\(pairs)} \(certificate.notAfter)\n"
        }
    }

    /// A label's value: backslash, quote and line feed have an escape each.
    private static func escaped(_ value: String) -> String {
        ShowableText.lines(value).reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}

/// A table for a spreadsheet (RFC 4180), with the mark in front by which spreadsheets know UTF-8.
enum ExpiryCSV {
    static func text(_ certificates: [ExpiringCertificate], _ texts: Texts, at now: Int64) -> String {
        let head = ["certificate", "kind", "holder", "issuer", "not_after", "days_left", "phase"]
        let rows = certificates.map { certificate in
            let end = texts.zone.time(at: certificate.notAfter)
            return [
                text(certificate.id), text(certificate.kind), text(certificate.holder), text(certificate.issuer),
                "\(end.date) \(end.clock)", "\(certificate.daysLeft(at: now))", text(certificate.phase),
            ]
        }
        return "\u{FEFF}" + ([head] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    /// A cell of text. A spreadsheet would take one for a formula that begins with one of these signs, so it gets an apostrophe in front.
    static func text(_ value: String) -> String {
        let value = ShowableText.lines(value)
        let isFormula = value.unicodeScalars.first.map {
            "=+-@\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0)
        }
        let harmless = isFormula == true ? "'" + value : value
        guard harmless.unicodeScalars.contains(where: { ",\"\n".unicodeScalars.contains($0) }) else { return harmless }
        return "\"" + harmless.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }
}
