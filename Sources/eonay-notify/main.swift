// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import NotifyJob

JobEnd.run("eonay-notify") { (end) throws(FrameError) in try NotifyJob(end: end).run() }
