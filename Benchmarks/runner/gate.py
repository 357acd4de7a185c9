# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A gate before the portal that takes the time of every round trip."""

import socket
import threading
import time


class Gate:
    """Listens on a loopback port and passes everything on; `take_round_trips` gives what the requests since the last call took.

    A round trip begins with the first byte of a request (or the connection, if that was the client's first) and ends with the last
    byte of its answer.
    """

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._portal = None
        self._trips = []

    def lead_to(self, origin):
        host, port = origin.removeprefix("http://").split(":")
        self._portal = (host, int(port))
        threading.Thread(target=self._accept, daemon=True).start()

    def take_round_trips(self):
        """Milliseconds, one for each request."""
        trips, self._trips = self._trips, []
        return [(end - start) / 1e6 for start, end in trips]

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            opened = time.monotonic_ns()
            portal = socket.create_connection(self._portal)
            for side in (client, portal):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(self._trips_of, opened)
            for source, target, passed in ((client, portal, connection.asked), (portal, client, connection.answered)):
                threading.Thread(target=self._pass, args=(source, target, passed), daemon=True).start()

    def _trips_of(self, start, end, is_new):
        if is_new:
            self._trips.append((start, end))
        elif self._trips:
            self._trips[-1] = (self._trips[-1][0], end)

    @staticmethod
    def _pass(source, target, passed):
        try:
            while data := source.recv(65536):
                at = time.monotonic_ns()
                target.sendall(data)
                passed(at)
        except OSError:
            pass
        for side in (source, target):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Connection:
    """Tells one round trip from the next: a request after an answer begins one."""

    def __init__(self, record, opened):
        self._record, self._start, self._is_answering = record, opened, False

    def asked(self, at):
        if self._is_answering or self._start is None:
            self._start = at
        self._is_answering = False

    def answered(self, _):
        self._record(self._start, time.monotonic_ns(), not self._is_answering)
        self._is_answering = True
