# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that a measurement runs, their lines with the time they came, and what the kernel knows of them."""

import contextlib
import os
import queue
import select
import signal
import subprocess
import threading
import time

PATIENCE = 30


class Failure(Exception):
    """Something that a measurement needs did not happen."""


class Process:
    """A running program. Its lines are read on a thread of their own, so that each bears the time at which it came."""

    def __init__(self, arguments, environment, descriptors=(), folder=None):
        self.name = os.path.basename(arguments[0])
        self.lines = queue.Queue()
        self.seen = []
        # A child inherits what is ignored here, which under nohup(1) is SIGHUP.
        self._process = subprocess.Popen(
            ["env", "--default-signal", *arguments], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=descriptors, cwd=folder, start_new_session=True)
        self.pid = self._process.pid
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self.lines.put((time.monotonic_ns(), line.decode(errors="replace").rstrip("\n")))
        self.lines.put((time.monotonic_ns(), None))

    def say(self, line):
        """Writes a line to its input, and gives the time just before."""
        before = time.monotonic_ns()
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        return before

    def wait_for(self, is_right, what, patience=PATIENCE):
        """The first line from now on that is right, as (nanoseconds, text)."""
        end = time.monotonic() + patience
        while True:
            try:
                at, line = self.lines.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                raise Failure(f"{self.name} did not say {what}; it said: {self.seen[-10:]}") from None
            if line is None:
                raise Failure(f"{self.name} ended instead of saying {what}; it said: {self.seen[-10:]}")
            self.seen.append(line)
            del self.seen[:-50]
            if is_right(line):
                return at, line

    def forget_lines(self):
        """Drops what it has said so far."""
        while not self.lines.empty():
            self.lines.get_nowait()

    def end(self, number=signal.SIGTERM):
        """Ends it with all that it has started, and gives its exit status; the time of its end is `ended_at`."""
        if self._process.poll() is None:
            os.kill(self.pid, number)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.pid, signal.SIGKILL)
        return self._process.wait()

    def wait_for_end(self):
        """Waits for it to end by itself; the nanoseconds at which it did."""
        # Popen.wait with a timeout looks after 0.5, 1, 2, 4 … ms, so that everything would seem to take 15.5 or 31.5 ms.
        with contextlib.closing(PidWatch(self.pid)) as watch:
            if not watch.has_ended(PATIENCE):
                raise Failure(f"{self.name} does not end")
            ended_at = time.monotonic_ns()
        status = self._process.wait()
        if status != 0:
            raise Failure(f"{self.name} ended with {status}")
        return ended_at


class PidWatch:
    """Sees the end of a process when it comes."""

    def __init__(self, pid):
        self._descriptor = os.pidfd_open(pid)

    def has_ended(self, patience):
        return bool(select.select([self._descriptor], [], [], patience)[0])

    def close(self):
        os.close(self._descriptor)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def context_switches(pid):
    """How often all its threads together were switched to something else, of their own will or not."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as file:
            total += sum(int(line.split()[1]) for line in file if "ctxt_switches" in line)
    return total


def memory(pid):
    """Its memory in kB: RSS, PSS and private dirty."""
    found = {}
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            words = line.replace(":", "").split()
            if words[0] in ("Rss", "Pss", "Private_Dirty"):
                found[words[0]] = int(words[1])
    return found


def open_descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def await_quiet(pid, seconds=0.5):
    """Returns when the process has not run for a while and has no child."""
    end = time.monotonic() + PATIENCE
    last, since = None, time.monotonic()
    while time.monotonic() < end:
        now = (context_switches(pid), children(pid))
        if now != last or now[1]:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > seconds:
            return
        time.sleep(0.05)
    raise Failure(f"process {pid} does not come to rest")
