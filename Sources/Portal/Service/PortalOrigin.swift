// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Synchronization

/// The portal's origin: configured, or, on loopback, what it turned out to be when a free port was taken.
final class PortalOrigin: Sendable {
    private let origin: Mutex<Origin?>

    init(_ origin: Origin? = nil) { self.origin = Mutex(origin) }

    /// Nothing is answered before the server listens, so it is always known by then.
    var value: Origin { origin.withLock { $0! } }

    /// The address that the server listens on, unless another was configured.
    func settle(_ listening: Origin) {
        origin.withLock { $0 = $0 ?? listening }
    }
}
