# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""The window of a graphical pinentry on $DISPLAY: looked at, and typed into."""

import subprocess, time


def run(*arguments):
    return subprocess.run([str(a) for a in arguments], check=True, capture_output=True, text=True, timeout=30).stdout


class PINWindow:
    """Waits for a pinentry's next window. Each question has a window of its own."""

    PATIENCE = 30

    def __init__(self, previous=None):
        self.id = self.until(lambda: self.newest(previous), "a pinentry's window")
        # It takes the keyboard before it paints, so what is typed once it is painted reaches it.
        self.until(self.is_painted, "something in the pinentry's window")

    @staticmethod
    def until(look, what):
        deadline = time.monotonic() + PINWindow.PATIENCE
        while time.monotonic() < deadline:
            if found := look():
                return found
        raise SystemExit(f"demo: waited in vain for {what}")

    @staticmethod
    def newest(previous):
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--class", "^pinentry"], capture_output=True, text=True).stdout.split()
        return next((window for window in found if previous is None or window != previous.id), None)

    def is_painted(self):
        """An empty window has a colour or two, one with letters has dozens."""
        picture = subprocess.run(["import", "-silent", "-window", self.id, "ppm:-"], capture_output=True)
        if picture.returncode:
            return False
        colours = subprocess.run(["identify", "-format", "%k", "ppm:-"], input=picture.stdout, capture_output=True)
        return int(colours.stdout) > 20

    def picture(self, path):
        """The whole screen with the window on it."""
        run("import", "-silent", "-window", "root", path)

    def accept(self):
        """Presses the button on the right; the keyboard stands on the left one, which refuses."""
        run("xdotool", "key", "Tab", "Return")

    def enter(self, pin):
        run("xdotool", "type", pin)
        run("xdotool", "key", "Return")
