// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore

/// What a request's handlers know besides the request.
struct PortalContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection: a proxy's, where one stands before the portal.
    let peer: String
    /// When the connection has ended.
    let closed: EventLoopFuture<Void>
    let notes = RequestNotes()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
        closed = source.channel.closeFuture
    }
}
