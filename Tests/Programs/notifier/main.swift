// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Glibc
import JobFrames
import Jobs
import Notifications

// A process with a notifier, for tests that give each its own session bus: `notifier [DEADLINE [PATIENCE [PROGRAM]]]`, the deadline of
// servers and the patience with the job in seconds. Commands come as lines of standard input, their parts separated by tabs; events go
// out as lines. The end of the input stops it.
//
//     show KEY SUMMARY BODY URGENCY LIFETIME [ID=LABEL]...        LIFETIME in milliseconds, "server" or "dismissed"
//     withdraw KEY
//     prepare

let loop = try EventLoop(name: "notifier")
let input = try BlockingThread(name: "input")
let arguments = CommandLine.arguments
Task(executorPreference: loop.tasks) { await Session(arguments, loop).run(reading: input) }
loop.run()
