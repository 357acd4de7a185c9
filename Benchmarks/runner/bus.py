# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Calls of the bus: `Status` and `Expiry` with three certificates, against the same answers from C programs."""

import random
import subprocess

from .figures import Line, Sample, at_least, at_most
from .processes import Failure, await_quiet
from .session import Session

TITLE = "Calls of the bus"
ABOUT = ("One client (libdbus) on a private bus calls a method that answers three certificates, {calls:,} times one after "
         "another and {deep:,} times with 32 calls under way. Every round calls every server, in an order of its own. "
         "CPU is what the server's threads ran, as the kernel counts it.")
SERVERS = ("libdbus", "sdbus", "gdbus")
NAMES = {"libdbus": "C, libdbus", "sdbus": "C, sd-bus", "gdbus": "C, GDBus"}
RATE_MARKS = {1: 0.95, 32: 0.90}


def measure(bench):
    calls, rounds = bench.choose(5_000, 500), bench.choose(9, 2)
    rate, cpu = {}, {}
    with Session(bench.programs, bench.peers, issue=("nes", "expired", "seal")) as session:
        servers = {"eonayd": "org.eonay.EOnay1"}
        service = start_with_certificates(session)
        for server in SERVERS:
            name = f"org.eonay.bench.{server}"
            session.start(f"{bench.peers}/server-{server}", name)
            session.heard(lambda words, name=name: words[2] == "NameOwnerChanged" and name in words, name)
            servers[server] = name
        compare_answers(session, servers)
        session.expire()  # the process that shows notifications goes with the last one
        await_quiet(service.pid, 2)
        for _ in range(rounds):
            for server in random.sample(list(servers), len(servers)):
                for method in ("Status", "Expiry"):
                    for depth in (1, 32):
                        count = calls if depth == 1 else 4 * calls
                        words = session.run(
                            f"{bench.peers}/load", servers[server], method, str(depth), str(count)).split()
                        key = (method, depth, server)
                        rate.setdefault(key, Sample("calls/s")).add(float(words[0]))
                        cpu.setdefault(key, Sample("µs CPU")).add(float(words[1]))
    return ABOUT.format(calls=calls, deep=4 * calls), list(lines(rate, cpu))


def lines(rate, cpu):
    for method in ("Status", "Expiry"):
        for depth in (1, 32):
            for server in SERVERS:
                what = f"`{method}`, depth {depth}"
                ours, theirs = (method, depth, "eonayd"), (method, depth, server)
                called = Line(f"bus-rate-{depth}", f"{what}: rate", NAMES[server], rate[ours], rate[theirs])
                used = Line(f"bus-cpu-{depth}", f"{what}: CPU a call", NAMES[server], cpu[ours], cpu[theirs])
                if server == "libdbus":
                    at_least(RATE_MARKS[depth], called)
                    at_most(1.2, used)
                yield called
                yield used


def start_with_certificates(session):
    """Starts the service and shows it a card, so that it knows its certificates."""
    service = session.start_service()
    session.insert()
    session.heard(lambda words: words[1] == "notify", "a notification of the card")
    return service


def compare_answers(session, servers):
    """A comparison is worth something only if all answer three rows of about the same size."""
    for method in ("Status", "Expiry"):
        for server, name in servers.items():
            answer = subprocess.run(
                ["busctl", "--user", "call", name, "/org/eonay/EOnay1", "org.eonay.EOnay1", method],
                env=session.environment, capture_output=True, text=True)
            if answer.returncode != 0 or answer.stdout.split()[1] != "3":
                raise Failure(f"{server} does not answer {method} with three certificates: {answer.stdout}{answer.stderr}")
