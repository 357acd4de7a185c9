# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A proxy before the portal, as a server has one: while the portal is away, it answers with a page of its own."""

import re, socket, threading

AWAY = b"<!doctype html><title>502</title><h1>502 Bad Gateway</h1>"


class Proxy:
    """Passes each request on over a connection of its own, and counts what is asked.

    refused: paths that it answers itself with status 503, as if the portal did.
    """

    def __init__(self, refused=()):
        self.refused, self.asked, self.portal = refused, [], None
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.origin = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def lead_to(self, origin):
        self.portal = ("127.0.0.1", int(origin.rsplit(":", 1)[1]))

    def lead_nowhere(self):
        self.portal = None

    def accept(self):
        while True:
            browser = self.listener.accept()[0]
            threading.Thread(target=self.serve, args=(browser,), daemon=True).start()

    def serve(self, browser):
        with browser:
            try:
                head = self.head(browser)
                if head:
                    self.answer(browser, head)
            except OSError:
                # Either side may leave at any time.
                pass

    @staticmethod
    def head(browser):
        head = b""
        while b"\r\n\r\n" not in head:
            octets = browser.recv(65536)
            if not octets:
                return b""
            head += octets
        return head

    def answer(self, browser, head):
        path = head.split(b" ", 2)[1].decode()
        self.asked.append(path)
        if path in self.refused:
            return self.say(browser, b"503 Service Unavailable")
        try:
            portal = socket.create_connection(self.portal) if self.portal else None
        except ConnectionRefusedError:
            portal = None
        if portal is None:
            return self.say(browser, b"502 Bad Gateway")
        with portal:
            # One request for each connection: what it answers goes on until it hangs up.
            portal.sendall(re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            threading.Thread(target=self.pump, args=(browser, portal), daemon=True).start()
            self.pump(portal, browser)

    @staticmethod
    def pump(source, target):
        try:
            while octets := source.recv(65536):
                target.sendall(octets)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    @staticmethod
    def say(browser, status):
        browser.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
                        + str(len(AWAY)).encode() + b"\r\n\r\n" + AWAY)
