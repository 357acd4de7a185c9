# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A desktop session of a measurement's own: bus, pcscd with one reader and a card, home. Nothing of it is the computer's."""

import contextlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile

from .processes import Failure, Process

BUS_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""

READER_CONFIGURATION = """FRIENDLYNAME "E-Onay Reader 1"
DEVICENAME /dev/null:{socket}
LIBPATH {driver}
CHANNELID 1
"""

# The akis driver is one of OpenSC's "old" ones, which are off unless asked for. Nothing is cached on disk.
OPENSC_CONFIGURATION = """app default {
    card_drivers = old, internal;
    framework pkcs15 { use_file_caching = no; }
}
"""


class Session:
    """To be used with `with`. `programs` is the folder of our release programs, `peers` that of the C programs; `issue` tells the kinds
    of the card's certificates."""

    def __init__(self, programs, peers, issue=("nes", "seal"), with_authority=False, configuration=""):
        self.programs, self.peers = programs, peers
        self._issue, self._with_authority, self._configuration = issue, with_authority, configuration
        self._stack = contextlib.ExitStack()
        self.pcscd = self.card = self.ear = None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = tempfile.mkdtemp(prefix="eonay-bench-")
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self._stack = stack
            self._make_environment()
            self._start_bus()
            self.ear = self.start(f"{self.peers}/ear")
            self.ear.wait_for(lambda line: line == "ready", "ready")
            self.start_pcscd()
            self.card = self._start_card()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        return self._stack.__exit__(*exception)

    def path(self, name):
        return f"{self.folder}/{name}"

    def start(self, *arguments, environment=None, descriptors=()):
        """Starts a program that ends with the session at the latest."""
        process = Process(list(arguments), {**self.environment, **(environment or {})}, descriptors, self.folder)
        self._stack.callback(process.end)
        return process

    def start_service(self):
        """Starts eonayd; returns when it owns its name."""
        service = self.start(f"{self.programs}/eonayd")
        service.wait_for(lambda line: line.endswith("is ready"), "that it is ready")
        return service

    def run(self, *arguments):
        """Runs a program to its end and gives its output."""
        done = subprocess.run(arguments, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
        return done.stdout

    def call(self, member, *words):
        """Calls a method of the service, as a person would."""
        name, path = "org.eonay.EOnay1", "/org/eonay/EOnay1"
        return self.run("busctl", "--user", "call", name, path, name, member, *words)

    def insert(self):
        """Puts the card in; the nanoseconds at which that began."""
        return self.card.say("insert")

    def remove(self):
        """Pulls the card out; the nanoseconds at which that began."""
        return self.card.say("remove")

    def expire(self):
        """Lets all notifications on the screen expire."""
        name = "org.freedesktop.Notifications"
        self.run("busctl", "--user", "call", name, "/org/freedesktop/Notifications", name, "Expire")

    def heard(self, is_right, what):
        """Waits for a line of the ear's; its own nanoseconds and the words."""
        _, line = self.ear.wait_for(lambda line: is_right(line.split("\t")), what)
        words = line.split("\t")
        return int(words[0]), words[1:]

    # The parts

    def _write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def _make_environment(self):
        self._write("opensc.conf", OPENSC_CONFIGURATION)
        folder = subprocess.run(
            ["pkg-config", "--variable=p11_module_path", "p11-kit-1"], capture_output=True, text=True, check=True)
        self.module = f"{folder.stdout.strip()}/opensc-pkcs11.so"
        # Jobs of the service are given no OPENSC_CONF; this module finds the file beside itself.
        shutil.copy(f"{self.programs}/libConfiguredOpenSC.so", self.path("opensc-pkcs11.so"))
        os.symlink(self.module, self.path("opensc.so"))
        self._write("config/eonay/eonay.conf",
                    f"[Tokens]\nModules={self.path('opensc-pkcs11.so')}\nDiscover=false\n{self._configuration}\n")
        environment = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        environment.update(
            HOME=self.folder, LANG="C.UTF-8", DBUS_SESSION_BUS_ADDRESS=f"unix:path={self.path('bus')}",
            PCSCLITE_CSOCK_NAME=self.path("pcscd.comm"), OPENSC_CONF=self.path("opensc.conf"))
        for variable, name in (("CONFIG", "config"), ("STATE", "state"), ("DATA", "data"), ("CACHE", "cache")):
            environment[f"XDG_{variable}_HOME"] = self.path(name)
        environment["XDG_RUNTIME_DIR"] = self.path("run")
        os.mkdir(self.path("run"), 0o700)
        self.environment = environment

    def _start_bus(self):
        configuration = self._write("bus.conf", BUS_CONFIGURATION.format(path=self.path("bus")))
        bus = self.start("dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1")
        bus.wait_for(lambda line: line.startswith("unix:"), "its address")

    def start_pcscd(self):
        """Starts pcscd on a socket of our own, by socket activation; returns when it answers."""
        driver = f"{self.programs}/libVirtualReader.so"
        self._write("readers/reader-1", READER_CONFIGURATION.format(socket=self.path("reader"), driver=driver))
        path = self.path("pcscd.comm")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen(128)
            # sd_listen_fds(3) wants the process identifier of the one who is given descriptor 3, hence the shell.
            # From version 2 on, pcscd asks polkit about each client, and refuses everybody where polkit does not run.
            command = (f"case $(pcscd --help 2>&1) in *--disable-polkit*) set -- --disable-polkit ;; esac; "
                       f"exec 3<&{listener.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec pcscd --foreground "
                       f"--config {self.path('readers')} \"$@\"")
            self.pcscd = self.start("/bin/sh", "-c", command, descriptors=(listener.fileno(),),
                                    environment={"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"})
        self._shake_hands(path)

    def kill_pcscd(self):
        """Kills pcscd as a crash would; returns when it is gone."""
        self.pcscd.end(signal.SIGKILL)

    @staticmethod
    def _shake_hands(path):
        """pcscd answers nobody before its readers are set up, so an answer says that it is ready."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20)
            client.connect(path)
            client.sendall(struct.pack("=IIIII", 12, 0x11, 4, 4, 0))
            if not client.recv(1):
                raise Failure("pcscd does not answer")

    def _start_card(self):
        program, words = f"{self.programs}/eonay-vcard", [word for kind in self._issue for word in ("--issue", kind)]
        if self._with_authority:  # one that others can be told to trust, in the folder "ca"
            self.run(program, "make-ca", self.path("ca"))
            words += ["--ca", self.path("ca")]
        return self.start(program, "run", "--socket", self.path("reader"), *words)
