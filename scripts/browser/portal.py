# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A portal to look at, and a holder who signs what it asks for. Uses the programs in .build/debug, or in $EONAY_PROGRAMS.

The signatures are openssl's: `openssl cms -cades` with a certificate of the bench's own authority.
"""

import os, re, shutil, subprocess, urllib.error, urllib.request
from pathlib import Path

PROGRAMS = Path(os.environ.get("EONAY_PROGRAMS", Path(__file__).resolve().parents[2] / ".build/debug"))
IDENTITY = "10000000146"


def run(*arguments):
    return subprocess.run([str(a) for a in arguments], check=True, capture_output=True).stdout


class Authority:
    """Issues certificates, and holds their keys."""

    def __init__(self, folder):
        self.folder = folder
        run(PROGRAMS / "eonay-vcard", "make-ca", folder)
        # One that can be renewed now, and one that cannot yet.
        for name, days in (("holder", 20), ("early", 200)):
            run(PROGRAMS / "eonay-vcard", "make-certificate", folder, name, "--days-left", days)


class Portal:
    """A portal on a free port, which nobody has used yet; behind a network, if one is given."""

    def __init__(self, folder, authority, holder="holder", code_lifetime=300, network=None, lines=""):
        folder.mkdir()
        self.folder, self.ca, self.holder, self.network = folder, authority.folder, holder, network
        (folder / "anchors").mkdir()
        for name in ("root", "issuer"):
            shutil.copy(self.ca / f"{name}.der", folder / "anchors")
        configuration = folder / "portal.conf"
        configuration.write_text(
            "[Server]\n" + (f"Origin={network.origin}\n" if network else "") + f"Listen=127.0.0.1:0\nDataDirectory={folder}/data\nLogLevel=error\n"
            f"[Trust]\nAnchors={folder}/anchors\n[Revocation]\nPolicy=prefer\n[Codes]\nLifetime={code_lifetime}\n{lines}")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["env", "--default-signal", PROGRAMS / "eonay-portal", "serve", "--config", self.folder / "portal.conf"], stdout=subprocess.PIPE, text=True)
        self.origin = self.process.stdout.readline().split()[-1]
        if self.network:
            self.network.lead_to(self.origin)
            self.origin = self.network.origin

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def signed(self, text):
        """A CAdES-B-B signature, DER."""
        (self.folder / "text").write_text(text, newline="")
        return run("openssl", "cms", "-sign", "-cades", "-nosmimecap", "-nodetach", "-binary", "-md", "sha256",
                   "-in", self.folder / "text", "-signer", self.ca / f"{self.holder}.pem",
                   "-inkey", self.ca / f"{self.holder}.key", "-outform", "DER")

    def post(self, code, text):
        """Sends a signature in as E-Onay does; gives the portal's answer, or its refusal."""
        request = urllib.request.Request(
            f"{self.origin}/api/v1/codes/{code}/signature", data=self.signed(text), method="POST",
            headers={"Content-Type": "application/pkcs7-mime"})
        try:
            return urllib.request.urlopen(request).read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.read().decode()

    def head(self, purpose, code):
        return f"E-ONAY/1\nPortal: {self.origin}\nAmaç: {purpose}\nT.C. Kimlik No: {IDENTITY}\nDoğrulama kodu: {code}\n"

    def sign_in(self, code):
        """Signs a login code; gives the number that proves who signed."""
        return re.search('"number":"([0-9]{6})"', self.post(code, self.head("giriş", code))).group(1)

    def sign_decision(self, code, words, statement):
        self.post(code, self.head("onay", code) + f"Karar: {words}\nBeyan sürümü: 2026-01\n\n{statement}\n")
