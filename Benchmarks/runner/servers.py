# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A portal of a measurement's own, nginx beside it, and the C programs that ask them."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

from .processes import PATIENCE, Failure, Process, children

IDENTITY = "10000000146"


def search_path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def run(*arguments):
    """Runs a program to its end and gives its output."""
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
    return done.stdout


def get(port, path):
    """The headers and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.getheaders(), answer.read()
    connection.close()
    if answer.status != 200:
        raise Failure(f"{path} is answered with {answer.status}")
    return found


class Portal:
    """To be used with `with`: a portal with an authority and a holder of its own, on the disk where the programs are."""

    CONFIGURATION = ("[Server]\nListen=127.0.0.1:0\nDataDirectory={folder}/data\n[Trust]\nAnchors={folder}/anchors\n"
                     "[Revocation]\nPolicy=prefer\n[Limits]\nCodesPerIdentity=1000000\nCodesPerAddress=1000000\n")

    def __init__(self, bench):
        self._bench, self._stack = bench, contextlib.ExitStack()
        self.decided, self.reference = 0, None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = tempfile.mkdtemp(prefix="portal-", dir=self._bench.peers)
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self.database = self.path("data/portal.db")
            self._make_authority()
            with open(self.path("portal.conf"), "w") as file:
                file.write(self.CONFIGURATION.format(folder=self.folder))
            run(self._program, "check", "--config", self.path("portal.conf"))
            process = Process(["/bin/sh", "-c", 'exec "$0" "$@" 2>/dev/null', self._program, "serve", "--config",
                               self.path("portal.conf")], dict(os.environ), folder=self.folder)
            stack.callback(process.end)
            _, line = process.wait_for(lambda line: line.startswith("listening on "), "where it listens")
            self.pid, self.port = process.pid, int(line.rsplit(":", 1)[1])
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        return self._stack.__exit__(*exception)

    def path(self, name):
        return f"{self.folder}/{name}"

    @property
    def _program(self):
        return f"{self._bench.programs}/eonay-portal"

    @property
    def processes(self):
        return [self.pid]

    def _make_authority(self):
        vcard = f"{self._bench.programs}/eonay-vcard"
        run(vcard, "make-ca", self.path("ca"))
        run(vcard, "make-certificate", self.path("ca"), "holder", "--identity", IDENTITY)
        os.mkdir(self.path("anchors"))
        self.anchors = [shutil.copy(self.path(f"ca/{name}.pem"), self.path("anchors")) for name in ("root", "issuer")]

    # The load

    def fetch(self, what, depth, count, server=None):
        """Requests per second, CPU microseconds each, and the median time in microseconds."""
        server = server or self
        return self._numbers("fetch", server.port, ",".join(map(str, server.processes)), depth, count, what)

    def decide(self, depth, count):
        """The same of decisions."""
        words = run(f"{self._bench.peers}/decide", str(self.port), str(self.pid), self.path("ca/holder.pem"),
                    self.path("ca/holder.key"), IDENTITY, str(depth), str(count), self.path("signature")).split()
        self.decided += count
        self.reference = words[4]
        return [float(word) for word in words[:3]]

    def floor(self, *words):
        """The same of what cannot be left out."""
        return self._numbers("floor", *words)

    def _numbers(self, program, *words):
        return [float(word) for word in run(f"{self._bench.peers}/{program}", *map(str, words)).split()]

    # The system calls

    def syncs(self, count):
        """How often a decision waits for the disk, on average; signing in is counted too."""
        tally = self.path("syncs")
        tracer = Process(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", tally, "-p", str(self.pid)], dict(os.environ))
        tracer.wait_for(lambda line: "attached" in line, "that it watches the portal")
        self.decide(1, count)
        tracer.end(signal.SIGINT)
        return self._total(tally) / count

    def floor_syncs(self, database, count, sizes):
        """The same of what cannot be left out."""
        tally = self.path("syncs")
        run("strace", "-f", "-c", "-e", "trace=fsync,fdatasync", "-o", tally,
            f"{self._bench.peers}/floor", database, "1", str(count), sizes)
        return self._total(tally) / count

    @staticmethod
    def _total(tally):
        with open(tally) as file:
            rows = [line.split() for line in file]
        return sum(int(row[3]) for row in rows if row and row[-1] in ("fsync", "fdatasync"))

    # The database

    def octets(self, table, condition="true"):
        """How many octets the values of a row have, on average."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info ({table})")]
            sizes = " + ".join(f"coalesce(length(CAST({column} AS BLOB)), 0)" for column in columns)
            return round(database.execute(f"SELECT avg({sizes}) FROM {table} WHERE {condition}").fetchone()[0])

    # The tools

    def run_tool(self, command, *words):
        return run(self._program, command, *words, "--config", self.path("portal.conf"))

    def time_tool(self, command, *words):
        """Milliseconds from start to exit."""
        return self.stopwatch(self._program, command, *words, "--config", self.path("portal.conf"))

    def stopwatch(self, *words):
        return float(run(f"{self._bench.peers}/stopwatch", "exit", *words).split()[0]) / 1000


class Nginx:
    """To be used with `with`: nginx with the portal's own answers in files."""

    CONFIGURATION = """daemon off;
user {user};
worker_processes auto;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log /dev/null;
    server_tokens off;
    sendfile on;
    open_file_cache max=16;
    keepalive_requests 100000000;
    types {{ }}
    {temporary}
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
{locations}
    }}
}}
"""
    # Files that nginx writes itself.
    OWN = {"content-length", "content-type", "date", "server", "connection"}

    def __init__(self, portal, paths):
        self._portal, self._stack = portal, contextlib.ExitStack()
        self.answers = {path: get(portal.port, path) for path in paths}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            locations = "".join(self._location(path, *answer) for path, answer in self.answers.items())
            with socket.create_server(("127.0.0.1", 0)) as listener:
                self.port = listener.getsockname()[1]
            temporary = "".join(f"{name}_temp_path {self._portal.path('nginx')}; "
                                for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            user = subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
            with open(self._portal.path("nginx.conf"), "w") as file:
                file.write(self.CONFIGURATION.format(folder=self._portal.folder, port=self.port, locations=locations,
                                                     temporary=temporary, user=user))
            process = Process([shutil.which("nginx", path=search_path()), "-e", "stderr", "-p", self._portal.folder, "-c",
                               self._portal.path("nginx.conf")], dict(os.environ), folder=self._portal.folder)
            stack.callback(process.end)
            self._await_answer(process)
            self.processes = children(process.pid)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        return self._stack.__exit__(*exception)

    def _location(self, path, headers, body):
        file = self._portal.path(f"files{path}")
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as target:
            target.write(body)
        kind = next(value for name, value in headers if name.lower() == "content-type")
        added = "".join(f'            add_header {name} "{value}";\n' for name, value in headers if name.lower() not in self.OWN)
        return f'        location = {path} {{\n            default_type "{kind}";\n{added}        }}\n'

    def _await_answer(self, process):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                return get(self.port, next(iter(self.answers)))
            time.sleep(0.02)
        raise Failure(f"nginx does not answer; it said: {[process.lines.get_nowait()[1] for _ in range(process.lines.qsize())]}")
