# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium, without a window."""

import os, shutil


def launch(playwright, home):
    """A browser that keeps what it writes below a folder, and speaks to nobody on this desktop's bus."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("chromium is missing: install the Debian package chromium")
    return playwright.chromium.launch(
        executable_path=program,
        # Root may not have Chromium's sandbox; everybody else does.
        chromium_sandbox=os.geteuid() != 0,
        env={**os.environ, "HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "disabled:"})
