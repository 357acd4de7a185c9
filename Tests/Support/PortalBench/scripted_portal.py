#!/usr/bin/env python3
# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""An HTTP server that does what a script says, wrong things above all.

Each line on standard input is a step, a JSON object, for one request. The first line on standard output is the port,
which also stands for PORT in a step; each request follows as a line of JSON. The argument, if there is one, is a PEM
file of key and certificate, for TLS. What a step may say:

  status, type, body   the answer; "headers" adds some, "pad" appends so many blanks to the body; "base64" is a body, too
  cut                  the answer ends after so many octets of the body, though its length was told
  drop                 the request is read and the connection closed
  hang                 the request is read and never answered
  stream, drip         the answer has so many blanks; dripping, they come one by one
  raw                  these octets, whatever they are
  close                the answer says that the connection ends with it, and it does
"""
import base64
import json
import os
import queue
import socket
import ssl
import sys
import threading
import time


def read_request(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        octet = stream.recv(1)
        if not octet:
            return None
        head += octet
        if not head[:1].isalpha():  # a TLS client at a server without TLS
            stream.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    body = b""
    while len(body) < int(headers.get("content-length", 0)):
        part = stream.recv(65536)
        if not part:
            return None
        body += part
    return {"method": method, "path": path, "headers": headers, "body": base64.b64encode(body).decode()}


def answer(stream, step):
    """True if the connection goes on."""
    if step.get("drop"):
        return False
    if step.get("hang"):
        stream.recv(1)
        return False
    if "raw" in step:
        stream.sendall(step["raw"].encode())
        return False
    if "stream" in step or "drip" in step:
        size, block = (step["stream"], b" " * 65536) if "stream" in step else (step["drip"], b" ")
        head = f"HTTP/1.1 200 Said So\r\nContent-Length: {size}\r\nContent-Type: {step.get('type', '')}\r\n\r\n"
        stream.sendall(head.encode())
        for _ in range(0, size, len(block)):
            stream.sendall(block)
            if "drip" in step:
                time.sleep(0.02)  # this server is slow: each octet comes in time, and the whole never does
        return False
    body = step.get("body", "").encode() + base64.b64decode(step.get("base64", "")) + b" " * step.get("pad", 0)
    head = [f"HTTP/1.1 {step.get('status', 200)} Said So", f"Content-Length: {len(body)}"]
    if step.get("type", "application/json"):
        head.append(f"Content-Type: {step.get('type', 'application/json')}")
    head += [f"{name}: {value}" for name, value in step.get("headers", {}).items()]
    if step.get("close"):
        head.append("Connection: close")
    stream.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body[: step.get("cut", len(body))])
    return "cut" not in step and not step.get("close")


def converse(stream, context, script):
    try:
        if context:
            stream = context.wrap_socket(stream, server_side=True)
        while (request := read_request(stream)) is not None:
            # In one write, since there are other threads that write lines.
            sys.stdout.write(json.dumps(request) + "\n")
            sys.stdout.flush()
            if not answer(stream, script.get()):
                break
    except (OSError, ssl.SSLError):
        pass
    stream.close()


def read_script(script, port):
    for line in sys.stdin:
        script.put(json.loads(line.replace("PORT", str(port))))
    os._exit(0)  # whoever wrote the script has gone


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    script = queue.SimpleQueue()
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
    print(port, flush=True)
    threading.Thread(target=read_script, args=(script, port), daemon=True).start()
    while True:
        # A client may keep a connection and open another one beside it.
        stream, _ = listener.accept()
        threading.Thread(target=converse, args=(stream, context, script), daemon=True).start()


main()
