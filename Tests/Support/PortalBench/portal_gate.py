#!/usr/bin/env python3
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A gate before a portal: it passes every request on, and stops or loses the ones it is told of.

Each line on standard input is an order, a JSON object; each line on standard output tells what happened. A passage is
the call's last word and how often it was made: "statement 1", "signature 2".

  {"portal": 8480}                                  orders: where the portal listens
  {"at": "signature 2", "stop": "request"}          hold it before the portal sees it (stop: "answer": after)
  {"at": "signature 2", "lose": "request"}          close the connection instead of passing it on
  {"release": true}                                 what is held goes on; what is to be held later still will be
  port 34567                                        first of all: where the gate listens
  told                                              an order was taken
  request signature 2, held answer signature 2, lost answer signature 2, answered signature 2 200
"""
import json
import re
import socket
import sys
import threading

stops, losses, counts = {}, {}, {}
lock = threading.Condition()
portal = 0
releases = 0


def say(text):
    # In one write: where output is unbuffered, print writes the line's end by itself, and another thread's line gets between.
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def read_message(stream, first=b""):
    """Head and body of a request or an answer; None at the end."""
    data = first
    while b"\r\n\r\n" not in data:
        part = stream.recv(65536)
        if not part:
            return None
        data += part
    head, body = data.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    while len(body) < (int(length[1]) if length else 0):
        part = stream.recv(65536)
        if not part:
            return None
        body += part
    return head, body


def passage(head):
    path = head.split(b" ", 2)[1].decode().split("?")[0]
    word = re.sub(r"/\d{15}", "", path).rsplit("/", 1)[-1]
    if head.startswith(b"DELETE"):
        word = "end"
    with lock:
        counts[word] = counts.get(word, 0) + 1
        return f"{word} {counts[word]}"


def may_pass(name, side):
    """Waits where it is told to; False where the connection is to be lost."""
    with lock:
        if stops.get(name) == side:
            del stops[name]
            released = releases
            say(f"held {side} {name}")
            lock.wait_for(lambda: releases > released)
        if losses.get(name) == side:
            del losses[name]
            say(f"lost {side} {name}")
            return False
    return True


def converse(client):
    try:
        while (request := read_message(client)) is not None:
            name = passage(request[0])
            say(f"request {name}")
            if not may_pass(name, "request"):
                break
            with socket.create_connection(("127.0.0.1", portal)) as upstream:
                upstream.sendall(request[0] + b"\r\n\r\n" + request[1])
                answer = read_message(upstream)
            if answer is None or not may_pass(name, "answer"):
                break
            client.sendall(answer[0] + b"\r\n\r\n" + answer[1])
            say(f"answered {name} {answer[0].split(b' ', 2)[1].decode()}")
    except OSError:
        pass
    client.close()


def main():
    global portal, releases
    listener = socket.create_server(("127.0.0.1", 0))
    say(f"port {listener.getsockname()[1]}")

    def listen():
        while True:
            threading.Thread(target=converse, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    for line in sys.stdin:
        order = json.loads(line)
        with lock:
            portal = order.get("portal", portal)
            if "at" in order:
                (stops if "stop" in order else losses)[order["at"]] = order.get("stop") or order["lose"]
            if "release" in order:
                releases += 1
                lock.notify_all()
        say("told")


main()
