// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CourierJob
import JobFrames

JobEnd.run("eonay-courier") { (end) throws(FrameError) in try CourierJob(end: end).run() }
