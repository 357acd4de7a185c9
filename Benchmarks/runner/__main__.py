# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the measurements, prints their tables and writes docs/benchmarks.md.

Python, since none of this is in what is measured: the clocks are in small C programs or at the two ends of a wait of milliseconds.
"""

import argparse
import os
import signal
import subprocess
import sys
import traceback

from . import approval, bus, card, idle, portal, report, restart, start

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECTIONS = {"bus": bus, "idle": idle, "start": start, "card": card, "approval": approval, "restart": restart, "portal": portal}


class Bench:
    """Where the programs are, and how much of everything there shall be."""

    def __init__(self, programs, peers, is_quick):
        self.programs, self.peers, self.is_quick = programs, peers, is_quick

    def choose(self, full, quick):
        return quick if self.is_quick else full

    def has(self, program):
        return os.access(f"{self.programs}/{program}", os.X_OK)


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description="Measures E-Onay beside its peers.")
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="which; all of them, and the document, unless given")
    parser.add_argument("--programs", default=f"{ROOT}/.build/release", help="the folder of the release programs")
    parser.add_argument("--undisturbed", action="store_true",
                        help="run everything with real-time priority, where other programs keep the computer busy (as root)")
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    arguments = parser.parse_args()
    peers = f"{ROOT}/.build/bench"
    subprocess.run([f"{ROOT}/Benchmarks/build-peers", peers], check=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends too
    if arguments.undisturbed:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    os.sync()  # pages of a program that was just written count as its private dirty memory until they are on the disk
    bench = Bench(arguments.programs, peers, arguments.quick)
    sections, failed = measure(bench, arguments.sections or SECTIONS)
    if arguments.sections:
        return failed
    with open(f"{ROOT}/Benchmarks/limits.md") as file:
        notes = report.read_notes(file.read())
    with open(f"{ROOT}/docs/benchmarks.md", "w") as file:
        file.write(report.document(sections, notes, arguments))
    print("docs/benchmarks.md is written.")
    return failed


def measure(bench, names):
    """The sections as (title, about, lines), and the names of those that failed: one that does is told, and the others go on."""
    sections, failed = [], []
    for name in names:
        title = SECTIONS[name].TITLE
        try:
            about, lines = SECTIONS[name].measure(bench)
        except Exception as error:  # whatever it is, the sections after it do not depend on it
            traceback.print_exc()
            print(f"Benchmarks/run: the section {name} failed: {error}\n", file=sys.stderr, flush=True)
            sections.append((title, f"**This section failed in this run, so it has no figures: {report.one_line(error)}**", []))
            failed.append(name)
        else:
            report.print_table(title, lines)
            sections.append((title, about, lines))
    return sections, failed


if __name__ == "__main__":
    if failures := main():
        sys.exit(f"Benchmarks/run: failed: {', '.join(failures)}")
