// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import EventLoops

/// A thread with a GLib main loop of its own, as the executor of the actor that speaks to libnotify.
final class GLibThread: SerialExecutor, @unchecked Sendable {  // unchecked: GLib locks contexts and loops by itself
    private let context: OpaquePointer  // GMainContext
    private let loop: OpaquePointer  // GMainLoop
    private let thread: BlockingThread

    /// Starts the thread.
    init(name: String) throws(SystemError) {
        thread = try BlockingThread(name: name)
        context = g_main_context_new()
        loop = g_main_loop_new(context, 0)
        thread.post { [self] in
            // libnotify and GDBus deliver their signals in the context that is the thread's default when they are asked.
            g_main_context_push_thread_default(context)
            g_main_loop_run(loop)
            // What was let go of last is given back by sources that are still to run.
            while g_main_context_iteration(context, 0) != 0 {}
            g_main_context_pop_thread_default(context)
        }
    }

    deinit {
        g_main_loop_unref(loop)
        g_main_context_unref(context)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        post { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    /// Has `work` called on the thread after all that was posted before.
    func post(_ work: @escaping @Sendable () -> Void) {
        // Not g_main_context_invoke: it may run the work on the caller's thread. Not an idle source's own priority: it
        // would wait until no descriptor is ready.
        let source = g_idle_source_new()
        g_source_set_priority(source, G_PRIORITY_DEFAULT)
        g_source_set_callback(source, runWork, Unmanaged.passRetained(Work(work)).toOpaque(), releaseWork)
        g_source_attach(source, context)
        g_source_unref(source)
    }

    /// The same, so much later.
    func post(afterMilliseconds milliseconds: UInt32, _ work: @escaping @Sendable () -> Void) {
        let source = g_timeout_source_new(milliseconds)
        g_source_set_callback(source, runWork, Unmanaged.passRetained(Work(work)).toOpaque(), releaseWork)
        g_source_attach(source, context)
        g_source_unref(source)
    }

    /// Ends loop and thread after the work that is running. To be called on the thread.
    func end() {
        checkIsolated()
        thread.stop()
        g_main_loop_quit(loop)
    }

    func checkIsolated() {
        precondition(g_main_context_is_owner(context) != 0, "not on the notification thread")
    }
}

/// A closure that C can hold.
private final class Work: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runWork(_ data: gpointer?) -> gboolean {
    Unmanaged<Work>.fromOpaque(data!).takeUnretainedValue().run()
    return 0  // G_SOURCE_REMOVE
}

private func releaseWork(_ data: gpointer?) {
    Unmanaged<Work>.fromOpaque(data!).release()
}
