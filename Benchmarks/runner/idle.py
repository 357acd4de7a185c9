# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""What the service costs while nothing happens, and whether it grows."""

import time

from .figures import Line, Sample, below
from .processes import await_quiet, context_switches, memory, open_descriptors
from .session import Session

TITLE = "While nothing happens"
ABOUT = ("`eonayd` and `opensc-notify` each sit in a session of their own for {seconds} s, at the same time, first with no card "
         "in the reader (one was in and is out again), then with one, whose notification has expired. Context switches are those of all "
         "threads, wanted or not. `eonay-notify` runs as long as a notification stands. Memory is read when all has become quiet, which is when "
         "`eonayd` lets go of code that it no longer uses, and again right after two calls (`Status` and `Expiry`, of `eonayd` alone). It is "
         "read while the other program does not run, so that PSS shares libraries with nobody but the bench's own small C "
         "programs and what else the machine runs; at the end once more \"side by side\", while both run, since a desktop always has "
         "other programs that use GLib (a notification server, for one).")
KINDS = (("Rss", "RSS", 10.5), ("Pss", "PSS", 7), ("Private_Dirty", "private dirty", 1.6))
MEBI = "MiB"
# Four seconds after the last card or the end of its notification, eonayd gives back memory that it no longer needs.
SETTLED = 5


def measure(bench):
    seconds, times = bench.choose(60, 5), bench.choose(1000, 30)
    lines = []
    with Session(bench.programs, bench.peers) as ours, Session(bench.programs, bench.peers) as theirs:
        lines += memories(ours, theirs)
        service, peer = settle(ours, Service), settle(theirs, Peer)
        for state in ("out", "in"):
            for session, process in ((ours, service), (theirs, peer)):
                if state == "in":
                    put_in(session)
                await_quiet(process.pid, SETTLED)
            before = [context_switches(process.pid) for process in (service, peer)]
            time.sleep(seconds)
            after = [context_switches(process.pid) for process in (service, peer)]
            switched = [Sample("", [end - start]) for start, end in zip(before, after)]
            line = Line("idle-switches", f"context switches in {seconds} s, card {state}", "opensc-notify", *switched)
            lines.append(below(3, line))
        samples = [Sample(MEBI, [memory(process.pid)["Pss"] / 1024]) for process in (service, peer)]
        lines.append(below(7, Line("idle-Pss-beside", "PSS, card in, side by side", "opensc-notify", *samples)))
    with Session(bench.programs, bench.peers) as ours:
        lines += growth(ours, times)
    return ABOUT.format(seconds=seconds), lines


class Service:
    """Starts ours."""

    @staticmethod
    def start(session):
        return session.start_service()


class Peer:
    """Starts opensc-notify, which tells of nothing it has seen before it could."""

    @staticmethod
    def start(session):
        process = session.start("opensc-notify")
        time.sleep(1)
        return process


def settle(session, kind):
    """Starts the program, and shows it a card once."""
    process = kind.start(session)
    cycle(session)
    await_quiet(process.pid, SETTLED)
    return process


def cycle(session):
    """A card in, told, and out again."""
    session.ear.forget_lines()
    session.insert()
    session.heard(lambda words: words[1] == "notify", "a notification of the card")
    session.card.forget_lines()
    session.remove()
    session.card.wait_for(lambda line: line == "removal seen", "removal seen")


def put_in(session):
    """A card in, its notification shown and expired."""
    session.insert()
    session.heard(lambda words: words[1] == "notify", "a notification of the card")
    session.expire()


def memories(ours, theirs):
    found = {}
    for name, session, kind in (("service", ours, Service), ("peer", theirs, Peer)):
        process = kind.start(session)
        await_quiet(process.pid, SETTLED)
        found[name, "after its start"] = memory(process.pid)
        cycle(session)
        await_quiet(process.pid, SETTLED)
        found[name, "card out"] = memory(process.pid)
        put_in(session)
        await_quiet(process.pid, SETTLED)
        found[name, "card in"] = memory(process.pid)
        if kind is Service:
            for member in ("Status", "Expiry"):
                session.call(member)
        found[name, "card in, after calls"] = memory(process.pid)
        process.end()
        session.remove()
        session.card.wait_for(lambda line: line == "removal seen", "removal seen")
    for state in ("after its start", "card out", "card in", "card in, after calls"):
        for key, name, mark in KINDS:
            samples = [Sample(MEBI, [found[who, state][key] / 1024]) for who in ("service", "peer")]
            yield below(mark, Line(f"idle-{key}", f"{name}, {state}", "opensc-notify", *samples))


def growth(session, times):
    """Memory and descriptors after the tenth card and after many more."""
    service = session.start_service()
    for _ in range(10):
        cycle(session)
    await_quiet(service.pid, SETTLED)
    before = memory(service.pid) | {"descriptors": open_descriptors(service.pid)}
    for _ in range(times):
        cycle(session)
    await_quiet(service.pid, SETTLED)
    after = memory(service.pid) | {"descriptors": open_descriptors(service.pid)}
    for key, name, _ in KINDS:
        line = Line(f"growth-{key}", f"{name} after {times:,} cards in and out", "itself after ten",
                    Sample(MEBI, [after[key] / 1024]), Sample(MEBI, [before[key] / 1024]))
        line.mark, line.met = "at most 1.05 ×", line.ratio <= 1.05
        yield line
    line = Line("growth-descriptors", f"open descriptors after {times:,} cards", "itself after ten",
                Sample("", [after["descriptors"]]), Sample("", [before["descriptors"]]))
    line.mark, line.met = "at most 1 ×", line.ratio <= 1
    yield line
