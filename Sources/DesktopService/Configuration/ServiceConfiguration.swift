// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

extension CardReading.Configuration {
    init(_ configuration: DesktopConfiguration) {
        self.init(
            modules: configuration.modules, discover: configuration.discoversModules,
            deadline: .seconds(configuration.listDeadline))
    }
}
