// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import JobFrames
internal import SystemBasics

/// A job's process just started, and our end of the conversation with it.
struct SpawnedJob {
    let process: StartedProcess
    /// Our end of the socket pair; non-blocking.
    let socket: Int32
    /// The job's output, where it is read; non-blocking.
    let output: Int32?
}

/// An order to start a job: descriptors 0, 1 and 2 are /dev/null, 3 is the conversation, others only as given.
///
/// A vendor's module may print the PIN (OpenSC's log shows the card's commands), so the output goes nowhere, unless it is read for a
/// diagnosis.
struct JobOrder {
    /// The highest descriptor a job may be given.
    static let highestDescriptor: Int32 = 9

    let program: JobProgram
    var arguments: [String] = []
    /// Variables on top of what the program is given anyway.
    var environment: [String: String] = [:]
    /// Further descriptors by the number they get in the job.
    var descriptors: [Int32: Int32] = [:]
    /// Whether what it prints is to be read.
    var isDiagnosed = false

    /// Starts the program. Throws `SystemError` of the call that failed; nothing is left open or running then.
    func start() throws(SystemError) -> SpawnedJob {
        var open: [Int32] = []
        defer { for descriptor in open { close(descriptor) } }
        let (ours, theirs) = try Descriptor.socketPair()
        open += [ours, theirs]
        try SystemError.check(fcntl(ours, F_SETFL, O_NONBLOCK), "fcntl")
        let null = try SystemError.check(Glibc.open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null")
        open.append(null)
        var output: Int32?
        var sink = null
        if isDiagnosed {
            let pipe = try Descriptor.pipe()
            open += [pipe.reading, pipe.writing]
            try SystemError.check(fcntl(pipe.reading, F_SETFL, O_NONBLOCK), "fcntl")
            (output, sink) = (pipe.reading, pipe.writing)
        }
        let start = ProcessStart(
            program.path, arguments, environment: program.environment.variables(adding: environment),
            descriptors: descriptors.merging([0: null, 1: sink, 2: sink, Frame.descriptor: theirs]) { $1 },
            group: program.mayLeaveProcesses ? .own : .locked, deathSignal: SIGKILL)
        let process = try start()
        open.removeAll { $0 == ours || $0 == output }
        return SpawnedJob(process: process, socket: ours, output: output)
    }
}
