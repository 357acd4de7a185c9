// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The release of all programs of this repository.
public enum Release {
    /// By semantic versioning (semver.org 2.0.0); CHANGELOG.md says what changed.
    public static let version = "1.1.0"
}
