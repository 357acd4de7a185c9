// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// Whether something keeps the computer's clock right. How far it is off, the portal's answer tells.
struct ClockCheck: Check {
    let topic = Topic.clock

    func look(_ examination: Examination) async -> [Finding] {
        guard examination.surroundings.isClockSynchronised() == true else {
            return [
                Finding(
                    .clockUnsynchronised, .warning,
                    .text(Texts.marked("Nothing keeps the computer's clock right (NTP).")), command: .synchroniseClock)
            ]
        }
        return [Finding(.clockSynchronised, .fine, .text(Texts.marked("The computer's clock is kept right (NTP).")))]
    }
}
