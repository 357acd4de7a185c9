// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib

/// Why nothing can be shown, in words for the log.
struct NotificationFailure: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// Takes over an error of GLib.
    init(taking error: UnsafeMutablePointer<GError>?) {
        reason = error.map { String(cString: $0.pointee.message) } ?? "no reason was given"
        if let error { g_error_free(error) }
    }
}
