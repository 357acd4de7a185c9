# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""How soon a program is there."""

import random

from . import bus
from .figures import Line, Sample, at_most
from .session import Session

TITLE = "Starting"
ABOUT = ("`eonayd` is started {rounds} times in a session where it knows three certificates and a card is in the reader; the clock "
         "stops when the bus tells that the name is owned. `eonay status` and `busctl --user call … Status` run to their end, in turn.")


def measure(bench):
    rounds = bench.choose(25, 3)
    service, library = Sample("ms"), Sample("ms")
    ours, theirs = Sample("ms"), Sample("ms")
    name = "org.eonay.EOnay1"
    with Session(bench.programs, bench.peers, issue=("nes", "expired", "seal")) as session:
        bus.start_with_certificates(session).end()
        for _ in range(rounds):
            starts = [(service, name, [f"{bench.programs}/eonayd"]),
                      (library, "org.eonay.bench.start", [f"{bench.peers}/server-libdbus", "org.eonay.bench.start"])]
            for sample, owned, command in random.sample(starts, len(starts)):
                sample.add(stopwatch(bench, session, "own", owned, *command))
        running = session.start_service()
        calls = [(theirs, ["/usr/bin/busctl", "--user", "call", name, "/org/eonay/EOnay1", name, "Status"])]
        if bench.has("eonay"):
            calls.append((ours, [f"{bench.programs}/eonay", "status"]))
        for _ in range(2 * rounds):
            for sample, command in random.sample(calls, len(calls)):
                sample.add(stopwatch(bench, session, "exit", *command))
        running.end()
    lines = [at_most(3.0, Line("start", "start to owning the name", "the C service on libdbus", service, library))]
    if ours.values:
        lines.append(at_most(1.3, Line("cli", "`eonay status`, start to exit", "`busctl --user call`", ours, theirs)))
    return ABOUT.format(rounds=rounds), lines


def stopwatch(bench, session, *words):
    """Milliseconds."""
    return float(session.run(f"{bench.peers}/stopwatch", *words).split()[0]) / 1000
