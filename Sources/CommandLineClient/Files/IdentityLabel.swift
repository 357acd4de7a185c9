// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

extension IdentityKind {
    /// What stands before such a number.
    func label(_ texts: Texts) -> String {
        switch self {
        case .citizen: texts.text("T.C. Kimlik No")
        case .foreigner: texts.text("Foreigner's number")
        case .taxpayer: texts.text("Tax number (VKN)")
        case .other, .none: texts.text("Subject's number")
        }
    }
}
