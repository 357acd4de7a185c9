// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What this is, by semantic versioning.
enum Version {
    static let text = "1.0.0"
}
