// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a validation concludes (ETSI EN 319 102-1, 5.1.3).
public enum Conclusion: String, Sendable, Hashable {
    /// TOTAL-PASSED: every check succeeded.
    case valid
    /// TOTAL-FAILED: no later evidence can make it good.
    case invalid
    /// INDETERMINATE: what is known does not suffice to say.
    case indeterminate
}
