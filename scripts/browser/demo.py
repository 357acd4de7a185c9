# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A person at the portal's pages, for scripts/demo-browser: reads, types, presses, and says where that led.

Usage: scripts/browser/python scripts/browser/demo.py ORIGIN FOLDER PICTURES

FOLDER/opened is a pipe that tells each address that the desktop wants its browser to open.
"""

import os, re, subprocess, sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from chromium import launch
from pin_window import PINWindow

IDENTITY, PIN = "10000000146", "123456"


class Person:
    """Goes through the guide's steps in one browser, and takes a picture of each screen."""

    def __init__(self, context, folder, pictures):
        self.context, self.folder, self.pictures, self.taken = context, folder, pictures, 0
        self.page = context.new_page()
        self.opened = os.fdopen(os.open(folder / "opened", os.O_RDWR))

    def picture(self, name):
        self.taken += 1
        return self.pictures / f"{self.taken:02}-{name}.png"

    def reached(self, did, name):
        self.page.screenshot(path=self.picture(name), full_page=True)
        print(f"  {did:<50} {self.page.title().split(' · ')[0]}", flush=True)

    def go_to_the_code(self, origin):
        page = self.page
        page.goto(origin)
        self.reached("opens the portal", "online-services")
        page.click("main a[href='/nes']")
        self.reached("goes to its certificate services", "user-verification")
        page.click("main a[href='/login']")
        page.fill("#identity", IDENTITY)
        self.reached("chooses e-signature, types the identity number", "sign-in")
        page.click("main button[type=submit]")
        page.wait_for_selector("#code")
        self.reached("signs in", "verification-code")

    def sign(self, name):
        """Presses the page's button, as far as a browser without windows can: what Chromium does after its own question
        is to give the address to xdg-open."""
        address = self.page.get_attribute("a[href^='eonay:']", "href")
        with open(self.folder / f"{name}.log", "w") as log:
            handler = subprocess.Popen(["env", "--default-signal", "xdg-open", address], stdout=log, stderr=log)
        question = PINWindow()
        question.picture(self.picture(f"{name}-question"))
        question.accept()
        entry = PINWindow(previous=question)
        entry.picture(self.picture(f"{name}-pin"))
        entry.enter(PIN)
        if handler.wait(timeout=30):
            raise SystemExit("demo: E-Onay did not sign:\n" + (self.folder / f"{name}.log").read_text())
        print("  presses the button: " + re.sub("[0-9]{15}", "…", address), flush=True)
        print("  is asked by E-Onay, says yes, enters the PIN", flush=True)

    def go_on_where_e_onay_leads(self):
        address = self.opened.readline().strip()
        before, self.page = self.page, self.context.new_page()
        self.page.goto(address)
        self.page.wait_for_selector("input[name=decision]")
        # The tab that showed the code has gone on by itself.
        before.wait_for_selector("input[name=decision]")
        before.close()
        self.reached("follows E-Onay to " + re.sub("[0-9]{6}$", "…", address.rsplit("/", 1)[1]), "choice")

    def decide(self):
        page = self.page
        page.check("input[value=accept]")
        page.click("main button[type=submit]")
        page.wait_for_selector("#code")
        self.reached("chooses KABUL EDİYORUM", "consent-code")
        self.sign("consent")
        page.wait_for_url("**/result")
        self.reached("does nothing: the page goes on by itself", "result")

    def apply(self):
        page = self.page
        page.click("main a[href='/account']")
        self.reached("looks at the own page", "my-page")
        page.click("main a[href='/applications']")
        page.check("input[value=renewal]")
        page.check("input[name=signing]")
        self.reached("fills in an application, signed by E-Onay", "application")
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/account?filed" in url)
        self.reached("files it", "filed")


def main():
    origin, folder, pictures = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    locale = "en-GB" if os.environ.get("LANG", "").startswith("en") else "tr-TR"
    with sync_playwright() as playwright:
        browser = launch(playwright, folder)
        context = browser.new_context(locale=locale, viewport={"width": 1100, "height": 800})
        person = Person(context, folder, pictures)
        person.go_to_the_code(origin)
        person.sign("sign-in")
        person.go_on_where_e_onay_leads()
        person.decide()
        person.apply()
        browser.close()


if __name__ == "__main__":
    main()
