// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops

/// The way in for the bus' handlers, which run on the service's loop without being the actor's.
///
/// `assumeIsolated` would do, were it not that a message's reader and writer may not be captured by its closure: they are handed through as
/// arguments here. The cast only drops the word `isolated` from the function's type, as `assumeIsolated` itself does; that the thread is the
/// right one is checked first.
extension Service {
    nonisolated func enter(
        _ value: inout MessageWriter, _ body: (isolated Service, inout MessageWriter) -> Void
    ) {
        loop.checkIsolated()
        withoutActuallyEscaping(body) {
            unsafeBitCast($0, to: ((Service, inout MessageWriter) -> Void).self)(self, &value)
        }
    }

    nonisolated func enter(
        _ call: inout MethodCall, _ reply: inout MessageWriter,
        _ body: (isolated Service, inout MethodCall, inout MessageWriter) throws -> Void
    ) throws {
        loop.checkIsolated()
        try withoutActuallyEscaping(body) {
            try unsafeBitCast($0, to: ((Service, inout MethodCall, inout MessageWriter) throws -> Void).self)(
                self, &call, &reply)
        }
    }
}
