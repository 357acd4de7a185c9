// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A time before which a certificate's holder does not want to be reminded of it.
public enum Snooze {
    /// The granted end of a wish for silence until `wish`: shortened to one day before the end; 0 (none) where that, or
    /// the wish itself, is not ahead any more.
    public static func granted(until wish: Int64, for validity: Validity, at now: Int64) -> Int64 {
        let until = min(wish, validity.instant(daysBeforeEnd: 1))
        return until > now ? until : 0
    }
}
