// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore

/// Tells whether two calls asked for the same: two independent FNV-1a sums over the arguments, each behind its length.
///
/// No defence against anybody: callers with one handle-token are one program that repeats itself.
struct ApprovalFingerprint {
    private var sums: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142)

    var bytes: [UInt8] {
        [sums.0, sums.1].flatMap { sum in (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) } }
    }

    mutating func add(_ text: String) {
        for octet in Array("\(text.utf8.count):".utf8) + Array(text.utf8) {
            sums.0 = (sums.0 ^ UInt64(octet)) &* 0x100_0000_01b3
            sums.1 = (sums.1 ^ UInt64(~octet)) &* 0x100_0000_01b3
        }
    }

    /// The fingerprint of a call. Descriptors are left out: a repeated call brings new ones.
    static func of(
        _ method: ServiceInterface.Method, certificate: String, what: String, options: ApprovalOptions
    ) -> [UInt8] {
        var fingerprint = ApprovalFingerprint()
        for text in [
            method.rawValue, certificate, what, "\(options.isBound)", options.portal ?? "-",
            options.identity?.digits ?? "-",
            "\(options.wait)", "\(options.isInteractive)", "\(options.finalTry)", "\(options.confirms)",
            "\(options.pin != nil)",
            "\(options.terminal != nil)", options.locale ?? "-",
        ] + SessionDisplay.variables.map({ options.display.environment[$0] ?? "-" }) {
            fingerprint.add(text)
        }
        return fingerprint.bytes
    }
}
