# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""The portal: pages and answers beside nginx, sessions and decisions beside C programs that do only what cannot be left out."""

import contextlib
import hashlib
import hmac
import os
import random
import shutil
import sqlite3
import time

from .figures import Line, Sample, at_least, at_most, below
from .processes import Failure, memory
from .servers import Nginx, Portal, get, search_path

TITLE = "The portal"
PAGES = {"page": ("a page, `GET /login`", "/login"), "json": ("`GET /api/v1/statement`", "/api/v1/statement")}
ABOUT = (
    "The portal with its default settings but for the limits of codes, plain HTTP on the loopback, its database on the disk where this "
    "repository is, its log going to /dev/null. The load comes from C programs on the same computer; CPU is what the portal's threads "
    "ran, as the kernel counts it. Every round asks every server, in an order of its own.\n\n"
    "**Pages.** {gets:,} requests a round over 32 connections that stay open. nginx sends the very same octets from files, headers "
    "included, with a worker for each processor, its log going to /dev/null too.\n\n"
    "**Sessions.** `POST /sessions`, each of another person: {sessions:,} a round over one connection, {deep:,} over 32. The C "
    "program commits one row of as many octets ({session_octets}), on the same file system, and syncs it (WAL, synchronous=FULL); the "
    "portal does not promise a session beyond a power cut, and shares a commit among those that wait.\n\n"
    "**Decisions.** `POST /decision` and the POST of its signature (RSA-2048 signer, P-384 authority, nobody to ask about "
    "revocation): {decisions:,} a round over one connection, {eight:,} over eight. A decision's time is that of the two requests; the "
    "signature is made between them by the load program, which with eight connections takes its part of the processors. The C program "
    "verifies the last signature with libcrypto (CMS, CAdES, chain up to the anchor) and commits two rows of as many octets as the "
    "portal's, the code's ({code_octets}) without a sync and the record's ({record_octets}) with one, as the portal does. Syncs are counted by strace over 100 decisions, which are not timed.\n\n"
    "**Records.** {records:,} of them. On the disk a record is its row and its indices; what proves it is the text, the signature "
    "and the issuer's certificate, as `verify --export` writes them. The times of the commands are from start to exit. Their peers: "
    "Python's sqlite3 and hmac (both C), which read the records and authenticate them, `openssl cms -verify -cades` of the exported "
    "signature, and Python's sqlite3, which copies the database (SQLite's online backup) and syncs it; the start of Python is not "
    "counted.")


def measure(bench):
    if not bench.has("eonay-portal"):
        raise Failure("eonay-portal is not built")
    for program in ("nginx", "strace"):
        if shutil.which(program, path=search_path()) is None:
            raise Failure(f"{program} is not installed: scripts/install-packages test bench")
    with Portal(bench) as portal:
        amounts = {
            "gets": bench.choose(20_000, 1_000), "sessions": bench.choose(1_000, 50), "deep": bench.choose(5_000, 200),
            "decisions": bench.choose(300, 20), "eight": bench.choose(800, 40)}
        rounds = bench.choose(9, 2)
        lines = list(measure_pages(portal, rounds, amounts))
        lines += measure_sessions(portal, rounds, amounts)
        lines += measure_decisions(portal, rounds, amounts)
        lines += measure_records(portal, bench.choose(9, 2), amounts)
    return ABOUT.format(**amounts), lines


# Pages


def measure_pages(portal, rounds, amounts):
    rate, cpu = {}, {}
    with Nginx(portal, [path for _, path in PAGES.values()]) as nginx:
        compare_answers(nginx)
        for _ in range(rounds):
            for name in PAGES:
                for server in random.sample((portal, nginx), 2):
                    words = portal.fetch(PAGES[name][1], 32, amounts["gets"], server)
                    rate.setdefault((name, server), Sample("/s")).add(words[0])
                    cpu.setdefault((name, server), Sample("µs CPU")).add(words[1])
    for name, (what, _) in PAGES.items():
        yield Line(f"portal-{name}-rate", f"{what}: rate", "nginx, a file", rate[name, portal], rate[name, nginx])
        yield at_most(10, Line(f"portal-{name}-cpu", f"{what}: CPU each", "nginx, a file", cpu[name, portal], cpu[name, nginx]))


def compare_answers(nginx):
    """A comparison is worth something only if both answer the same, but for what differs each time or names the server."""
    for _, path in PAGES.values():
        (ours, body), (theirs, copy) = nginx.answers[path], get(nginx.port, path)
        missing = {name.lower() for name, _ in ours} - {name.lower() for name, _ in theirs}
        if body != copy or missing:
            raise Failure(f"nginx does not answer {path} as the portal does: {len(body)} and {len(copy)} octets, without {missing}")


# Sessions


def measure_sessions(portal, rounds, amounts):
    portal.fetch("sessions", 1, 20)  # so that there are rows to measure
    amounts["session_octets"] = portal.octets("session") + portal.octets("code") + 2 * portal.octets("allowance")
    size, database = str(amounts["session_octets"]), portal.path("floor-sessions.db")
    once, often = (Sample("µs"), Sample("µs")), (Sample("/s"), Sample("/s"))
    cpu = Sample("µs CPU"), Sample("µs CPU")
    portal.fetch("sessions", 32, amounts["deep"])  # cold, and not counted
    portal.floor(database, 1, amounts["deep"], size)
    for _ in range(rounds):
        for who in random.sample((0, 1), 2):
            for depth, count in ((1, amounts["sessions"]), (32, amounts["deep"])):
                words = portal.fetch("sessions", depth, count) if who == 0 else portal.floor(database, depth, count, size)
                if depth == 1:
                    once[who].add(words[2])
                    cpu[who].add(words[1])
                else:
                    often[who].add(words[0])
    peer = "C, one row committed"
    yield at_most(4, Line("portal-session", "`POST /sessions`, one connection", peer, *once))
    yield Line("portal-session-cpu", "`POST /sessions`, one connection: CPU", peer, *cpu)
    yield at_least(0.9, Line("portal-sessions", "`POST /sessions`, 32 connections: rate", peer, *often))


# Decisions


def measure_decisions(portal, rounds, amounts):
    portal.decide(1, 100)
    early = memory(portal.pid)["Rss"]
    amounts["code_octets"] = portal.octets("code", "decision IS NOT NULL")
    amounts["record_octets"] = portal.octets("record")
    sizes, database = f"{amounts['code_octets']}u,{amounts['record_octets']}", portal.path("floor-decisions.db")
    proof = (portal.path("signature"), *portal.anchors)
    once, cpu, often = (Sample("ms"), Sample("ms")), (Sample("ms CPU"), Sample("ms CPU")), (Sample("/s"), Sample("/s"))
    portal.floor(database, 1, amounts["eight"], sizes, *proof)  # cold, and not counted
    for _ in range(rounds):
        for who in random.sample((0, 1), 2):
            for depth, count in ((1, amounts["decisions"]), (8, amounts["eight"])):
                words = portal.decide(depth, count) if who == 0 else portal.floor(database, depth, count, sizes, *proof)
                if depth == 1:
                    once[who].add(words[2] / 1000)
                    cpu[who].add(words[1] / 1000)
                else:
                    often[who].add(words[0])
    peer = "C: CMS_verify, two rows committed"
    yield at_most(1.7, Line("portal-decision", "a decision, one connection", peer, *once))
    yield at_most(3, Line("portal-decision-cpu", "a decision, one connection: CPU", peer, *cpu))
    yield at_least(0.6, Line("portal-decisions", "decisions, eight connections: rate", f"{peer}, eight threads", *often))
    ours, theirs = portal.syncs(100), portal.floor_syncs(database, 100, sizes)
    line = Line("portal-syncs", "syncs in a decision", peer, Sample("", [ours]), Sample("", [theirs]))
    line.mark, line.met = "at least 1", ours >= 1  # else it would not be the same work, nor what the contract promises
    yield line
    late = memory(portal.pid)["Rss"]
    yield below(64, Line("portal-memory", f"resident memory after {portal.decided:,} decisions", "", Sample("MiB", [late / 1024])))
    yield at_most(1.2, Line("portal-growth", f"resident memory after {portal.decided:,} decisions", "itself after 100",
                            Sample("MiB", [late / 1024]), Sample("MiB", [early / 1024])))


# Records


def measure_records(portal, rounds, amounts):
    copy, folder, openssl = portal.path("copy.db"), portal.path("proof"), shutil.which("openssl")
    portal.run_tool("backup", "--to", copy)
    portal.run_tool("verify", portal.reference, "--export", folder)
    database = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    (count,) = database.execute("SELECT count(*) FROM record").fetchone()
    if count != portal.decided:
        raise Failure(f"{portal.decided} decisions have left {count} records")
    amounts["records"] = count
    authorities = portal.path("authorities.pem")
    with open(authorities, "w") as file:
        for anchor in portal.anchors:
            with open(anchor) as source:
                file.write(source.read())
    runs = {
        "audit": (lambda: portal.time_tool("audit") * 1000 / count, lambda: authenticate(database) * 1e6 / count),
        "verify": (lambda: portal.time_tool("verify", portal.reference),
                   lambda: portal.stopwatch(openssl, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any",
                                            "-in", f"{folder}/signature.p7s", "-CAfile", authorities)),
        "backup": (lambda: portal.time_tool("backup", "--to", copy), lambda: back_up(portal.database, portal.path("peer.db")) * 1000)}
    samples = {name: (Sample(unit), Sample(unit)) for name, unit in (("audit", "µs"), ("verify", "ms"), ("backup", "ms"))}
    for _ in range(rounds):
        for name, run in runs.items():
            for who in random.sample((0, 1), 2):
                samples[name][who].add(run[who]())
    yield at_most(2, Line("portal-disk", "a record on the disk", "what proves it", Sample("kB", [disk_octets(copy) / count / 1000]),
                          Sample("kB", [proof_octets(folder) / 1000])))
    yield at_most(3, Line("portal-audit", "`audit`, each record", "read and authenticated by Python", *samples["audit"]))
    yield at_most(3, Line("portal-verify", "`verify` of a record", "`openssl cms -verify`", *samples["verify"]))
    megabytes = os.path.getsize(copy) / 1e6
    yield at_most(1.5, Line("portal-backup", f"`backup` of {megabytes:.0f} MB", "Python's sqlite3 and fsync", *samples["backup"]))
    database.close()


def authenticate(database):
    """Seconds for what no audit can leave out."""
    begin, link = time.monotonic(), b""
    for row in database.execute("SELECT * FROM record ORDER BY sequence"):
        link = hmac.digest(b"any key", link + b"".join(str(part).encode() if not isinstance(part, bytes) else part for part in row),
                           hashlib.sha256)
    return time.monotonic() - begin


def back_up(source, path):
    """Seconds for a copy that is whole and on the disk."""
    begin = time.monotonic()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as database, \
            contextlib.closing(sqlite3.connect(path)) as copy:
        database.backup(copy)
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
    return time.monotonic() - begin


def disk_octets(path):
    """The pages of the records and their indices."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = 'record')"
        ).fetchone()[0]


def proof_octets(folder):
    # certificate-0 is the signer's, which the signature has in it.
    return sum(os.path.getsize(f"{folder}/{name}") for name in os.listdir(folder) if name != "certificate-0.der")
