// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobFrames
import NotifyJob

do throws(FrameError) {
    try NotifyJob(end: JobEnd()).run()
} catch {
    // By hand it does nothing: it speaks with eonayd alone.
    let message = "eonay-notify: \(error); this program is started by eonayd\n"
    message.utf8CString.withUnsafeBufferPointer { _ = write(2, $0.baseAddress, $0.count - 1) }
    exit(1)
}
