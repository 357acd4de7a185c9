# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A network on which the answers to forms come late, so that the news of what they did overtakes them."""

import socket, threading, time


class SlowNetwork:
    """Listens for the browser, and passes everything on to the portal and back."""

    def __init__(self, seconds=0.5):
        self.seconds = seconds
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def lead_to(self, origin):
        address = ("127.0.0.1", int(origin.rsplit(":", 1)[1]))
        threading.Thread(target=self.accept, args=(address,), daemon=True).start()

    def accept(self, address):
        while True:
            browser, portal = self.listener.accept()[0], socket.create_connection(address)
            sends_form = threading.Event()
            for way in ((browser, portal, self.note, sends_form), (portal, browser, self.hold, sends_form)):
                threading.Thread(target=self.carry, args=way, daemon=True).start()

    @staticmethod
    def note(data, sends_form):
        if data.startswith(b"POST "):
            sends_form.set()

    def hold(self, _, sends_form):
        if sends_form.is_set():
            sends_form.clear()
            time.sleep(self.seconds)

    @staticmethod
    def carry(source, target, before, sends_form):
        try:
            while data := source.recv(65536):
                before(data, sends_form)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # Either side may leave at any time.
            source.close()
            target.close()
