// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import TokenJob

JobEnd.run("eonay-token") { (end) throws(FrameError) in try TokenJob(end: end).run() }
