# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""One person's way through the portal's pages, in one of several manners, each of which must lead to the same end."""

import re
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe

from portal import IDENTITY

# Milliseconds: how long a page may take on a machine that is busy with something else.
PATIENCE = 45_000

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

# The fault of the element that has the keyboard focus, or "". A focus that nobody can see is as good as none
# (WCAG 2.4.7, 2.4.11, and 1.4.11 for its colour).
FOCUS = """async () => {
    const fault = () => {
        const focused = document.activeElement, box = focused.getClientRects()[0], style = getComputedStyle(focused);
        const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
        const light = colour => numbers(colour).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
        let around = focused.parentElement;
        while (numbers(getComputedStyle(around).backgroundColor)[3] === 0 && around.parentElement) around = around.parentElement;
        const [dark, bright] = [light(style.outlineColor), light(getComputedStyle(around).backgroundColor)].sort((a, b) => a - b);
        const top = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        const wrong =
            style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? "no outline"
            : (bright + 0.05) / (dark + 0.05) < 3 ? "a pale outline"
            : !box || box.top < -1 || box.left < -1 || box.bottom > innerHeight + 1 || box.right > innerWidth + 1 ? "out of view"
            : !top || !(focused.contains(top) || top.contains(focused)) ? "covered" : "";
        return wrong && wrong + ": " + focused.outerHTML.slice(0, 100);
    };
    // The page scrolls to it in one of the next frames.
    for (let frame = 0; frame < 60; frame++) {
        await new Promise(requestAnimationFrame);
        if (frame > 0 && !fault()) return "";
    }
    return fault();
}"""

# Keeps what a screen reader would be told of the time.
LISTEN = """() => {
    window.told = [];
    const region = document.querySelector("[data-announce]");
    new MutationObserver(() => told.push(Number(region.textContent.match(/[0-9]+/)))).observe(
        region, {childList: true, characterData: true, subtree: true});
}"""


class Walk:
    """A browser of its own, and the findings of an observer.

    keyboard: with Tab, Enter and Space alone. hasty: presses each form's button twice. wandering: reloads each page,
    looks at it in a second tab, goes back and forward again. keep: saves the screens, and lets axe-core look at them.
    """

    def __init__(self, portal, browser, folder, name, findings, scripts=True, keep=True, keyboard=False, hasty=False,
                 wandering=False, **options):
        self.portal, self.folder, self.name, self.findings = portal, folder, name, findings
        self.scripts, self.keep, self.keyboard, self.hasty, self.wandering = scripts, keep, keyboard, hasty, wandering
        self.provoked = ()
        self.context = browser.new_context(base_url=portal.origin, java_script_enabled=scripts, **options)
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error('refused by CSP: ' + e.violatedDirective))")
        self.context.on("console", self.saw_message)
        self.context.on("weberror", lambda error: self.find(f"script error: {error.error}"))
        self.context.on("request", self.saw_request)
        self.context.on("response", self.saw_response)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    # Findings

    def find(self, what):
        self.findings.append(f"{self.name}: {what}")

    def saw_message(self, message):
        # A refused page is told by its response, too.
        expected = "the server responded with a status of " + ("" if self.provoked else "4")
        if message.type in ("error", "warning") and expected not in message.text:
            self.find(f"console: {message.text}")

    def saw_request(self, request):
        if not request.url.startswith(self.portal.origin + "/"):
            self.find(f"asked elsewhere: {request.url}")

    def saw_response(self, response):
        path = response.url.removeprefix(self.portal.origin)
        # While one tab signs in, which renews the cookie, another may ask for news with the one from before.
        is_late = response.status == 401 and path.startswith("/api/v1/session")
        if response.status >= 400 and path not in self.provoked and not is_late:
            self.find(f"{path}: status {response.status}, asked by {response.frame.url}")

    @contextmanager
    def provoking(self, *paths):
        """Here these pages may be refused."""
        self.provoked = paths
        yield
        self.provoked = ()

    def heading(self):
        """What page this is."""
        headings = self.page.locator("h1").all_inner_texts()
        if len(headings) != 1:
            self.find(f"{self.page.url}: {len(headings)} headings of the first rank")
        return headings[0] if headings else ""

    def screen(self, title, filled=False):
        """Looks at a page. A filled one is not wandered away from: that would empty its fields."""
        page = self.page
        self.heading()
        if " · " not in page.title() or page.get_attribute("html", "lang") != self.name[:2]:
            self.find(f"{title}: title {page.title()!r}, language {page.get_attribute('html', 'lang')!r}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.find(f"{title}: {wide} pixels wider than the window")
        if page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches && document.getAnimations().length"):
            self.find(f"{title}: something moves")
        if self.keep:
            self.judge(title)
            page.screenshot(path=self.folder / f"{self.name}-{title}.png", full_page=True)
        if self.wandering and not filled:
            self.wander(title)

    def judge(self, title):
        for violation in Axe().run(self.page, options=AXE).response["violations"]:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"])
            self.find(f"{title}: {violation['id']}: {violation['help']}: {nodes}")

    def wander(self, title):
        page, here, code = self.page, self.heading(), self.code()
        page.reload()
        self.expect(here, code, f"{title}: after a reload")
        self.page = self.context.new_page()
        self.page.goto(page.url)
        self.expect(here, code, f"{title}: in a second tab")
        self.page.close()
        self.page = page
        page.go_back()
        if page.url != "about:blank":
            self.heading()
        page.go_forward()
        self.expect(here, code, f"{title}: after back and forward")

    def expect(self, heading, code, when):
        if (self.heading(), self.code()) != (heading, code):
            self.find(f"{when} this is another page: {self.page.url}")

    # A person's acts

    def press(self, selector, twice=False):
        """Presses what leads to another page."""
        if self.keyboard:
            self.tab_to(selector)
        with self.page.expect_navigation():
            if self.keyboard:
                self.page.keyboard.press("Enter")
            else:
                self.page.click(selector, click_count=2 if twice else 1)

    def submit(self, selector="main button[type=submit]"):
        self.press(selector, twice=self.hasty)

    def choose(self, selector):
        if self.keyboard:
            self.tab_to(selector)
            self.page.keyboard.press("Space")
        else:
            self.page.check(selector)

    def type(self, selector, text):
        if self.keyboard:
            self.tab_to(selector)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        else:
            self.page.fill(selector, text)

    def tab_to(self, selector):
        page = self.page
        for _ in range(40):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
            if wrong := page.evaluate("document.activeElement !== document.body") and page.evaluate(FOCUS):
                self.find(f"{page.url}: the focus is {wrong}")
        self.find(f"{page.url}: Tab does not lead to {selector}")
        page.focus(selector)

    def wait_for(self, selector):
        """Waits until the page has gone on by itself; without scripts a person does it."""
        if not self.scripts:
            self.page.goto("/next")
        self.page.wait_for_selector(selector)

    def code(self):
        """The verification code that is shown; empty where none is."""
        return "".join(re.findall("[0-9]", "".join(self.page.locator("#code").all_inner_texts())))

    # Ways

    def whole(self):
        """All screens, from the first to the filed application, and out."""
        self.look_around()
        self.ask_for_code()
        self.screen("06-verification-code")
        self.confirm(self.portal.sign_in(self.code()))
        self.screen("08-choice")
        self.page.goto("/applications")
        self.screen("16-application-without-e-onay")
        self.press("main a.button")
        self.decide("accept", "KABUL EDİYORUM")
        self.screen("10-result")
        self.apply()
        self.leave()

    def look_around(self):
        self.page.goto("/")
        self.screen("01-online-services")
        self.skip_to_the_content()
        self.press("main a.button")
        self.screen("02-user-verification")
        self.press("a[href='/password']")
        self.screen("03-password")
        self.press("main a[href='/login']")

    def skip_to_the_content(self):
        """The first thing that Tab reaches leads over the page's head."""
        if self.keyboard:
            self.press(".skip")
            if self.page.evaluate("document.activeElement.id") != "content":
                self.find("the skip link does not lead to the content")

    def ask_for_code(self):
        self.page.wait_for_selector("#identity")
        if self.scripts:
            self.type("#identity", "10000000147")
            self.screen("04-wrong-number", filled=True)
        self.type("#identity", IDENTITY)
        self.screen("05-sign-in", filled=True)
        self.submit()
        self.page.wait_for_selector("#code")

    def confirm(self, number):
        """As E-Onay does it where it can: by opening the address with the number in its fragment. Else a person types it."""
        self.wait_for("#number")
        self.screen("07-confirmation")
        if self.scripts and not self.keyboard and not self.hasty:
            other = self.context.new_page()
            other.goto(f"/continue#{number}")
            other.wait_for_selector("input[name=decision]")
            if "#" in other.url:
                self.find("the number stays in the address")
            other.close()
        else:
            self.type("#number", number)
            self.submit()
        self.page.wait_for_selector("input[name=decision]")

    def decide(self, decision, words):
        self.choose(f"input[value={decision}]")
        self.submit()
        self.page.wait_for_selector("#code")
        self.screen("09-consent-code")
        self.portal.sign_decision(self.code(), words, self.page.inner_text("blockquote"))
        self.wait_for(".result")

    def printed(self):
        """The result on paper."""
        self.page.emulate_media(media="print")
        self.page.screenshot(path=self.folder / f"{self.name}-10-result-print.png", full_page=True)
        self.page.emulate_media(media="screen")

    def apply(self):
        page = self.page
        if self.name == "tr":
            self.printed()
        self.press("main a.button")
        self.screen("11-my-page")
        self.press("a[href='/applications']")
        self.screen("12-application")
        self.choose("input[value=renewal]")
        self.choose("input[name=signing]")
        self.submit()
        page.wait_for_url(lambda url: "/account?filed" in url)
        if page.locator("tbody tr").count() != 1:
            self.find(f"{page.locator('tbody tr').count()} applications are filed")
        self.screen("13-filed")

    def leave(self):
        with self.provoking("/nowhere", "/account"):
            self.page.goto("/nowhere")
            self.screen("14-no-such-page")
            self.page.goto("/account")
            self.submit("header button")
            self.page.wait_for_url("**/")
            self.page.goto("/account")
            self.screen("15-not-signed-in")

    # Ways aside

    def corrected(self):
        """Makes each mistake that a form can be sent with, and is led to where it is put right."""
        page = self.page
        with self.provoking("/login", "/confirm", "/choice", "/applications"):
            page.goto("/login")
            self.comes_back("25-no-number", "identity", "")
            page.fill("#identity", "10000000147")
            self.comes_back("26-wrong-identity", "identity", "10000000147")
            page.fill("#identity", IDENTITY)
            page.click("main button[type=submit]")
            page.wait_for_selector("#code")
            number = self.portal.sign_in(self.code())
            self.wait_for("#number")
            page.fill("#number", "12")
            self.comes_back("27-no-confirmation-number", "number", "12")
            wrong = "000000" if number != "000000" else "000001"
            page.fill("#number", wrong)
            self.comes_back("28-wrong-confirmation-number", "number", wrong)
            page.fill("#number", number)
            page.click("main button[type=submit]")
            page.wait_for_selector("input[name=decision]")
            self.comes_back("29-no-choice", "decision")
            keep, self.keep = self.keep, False
            self.decide("accept", "KABUL EDİYORUM")
            self.keep = keep
            page.goto("/applications")
            page.check("input[value=new]")
            self.comes_back("30-no-way-of-signing", "signing")
            if not page.is_checked("input[value=new]"):
                self.find("an application comes back without what was chosen")

    def comes_back(self, title, field, typed=None):
        """Sends a form with a mistake: the page says so first, and again at the field, which is as it was left."""
        page = self.page
        page.click("main button[type=submit]")
        page.wait_for_selector(".error-summary")
        self.screen(title, filled=True)
        for what, script in (
                ("the focus is not at the summary", "document.activeElement.matches('.error-summary')"),
                ("the summary does not lead to the field",
                 f"document.querySelector('.error-summary a').getAttribute('href') === '#{field}'"),
                ("the field is not called invalid",
                 f"!!document.getElementById('{field}').closest('[aria-invalid=true]')"),
                ("the field does not name its error",
                 f"""document.getElementById(document.getElementById('{field}').closest('[aria-invalid=true]')
                     .getAttribute('aria-describedby').split(' ')[0]).textContent.trim().length > 10""")):
            if not page.evaluate(script):
                self.find(f"{title}: {what}")
        if not re.match("(Hata|Error): ", page.title()):
            self.find(f"{title}: the title says nothing of it: {page.title()}")
        if typed is not None and page.input_value(f"#{field}") != typed:
            self.find(f"{title}: {page.input_value(f'#{field}')!r} came back instead of {typed!r}")
        page.click(".error-summary a")
        if page.evaluate("document.activeElement.id") != field:
            self.find(f"{title}: the summary's link does not give the field the focus")

    def begin(self):
        """To the first code, without looking around."""
        self.page.goto("/login")
        self.type("#identity", IDENTITY)
        self.submit()
        self.page.wait_for_selector("#code")

    def sign_in(self):
        self.begin()
        number = self.portal.sign_in(self.code())
        self.wait_for("#number")
        self.type("#number", number)
        self.submit()
        self.page.wait_for_selector("input[name=decision]")

    def confirmed(self):
        self.begin()
        self.confirm(self.portal.sign_in(self.code()))

    def let_consent_wait(self):
        """To the second code, which is not signed."""
        self.sign_in()
        self.choose("input[value=accept]")
        self.submit()
        self.page.wait_for_selector("#code")

    def lapsed(self, title, remedy, wanted):
        """The page has waited for its code's end, and goes on by itself; it must offer what to do."""
        self.page.wait_for_selector("main .panel > .lead")
        self.screen(title)
        self.press(remedy)
        self.page.wait_for_selector(wanted)

    def declined(self):
        """Refuses, cannot apply then, and thinks better of it; the certificate is too young to be renewed."""
        self.sign_in()
        self.keep = False
        self.decide("decline", "KABUL ETMİYORUM")
        self.keep = True
        self.screen("17-declined")
        self.press("main a.button")
        self.screen("18-my-page-declined")
        self.page.goto("/applications")
        self.press("main a[href='/choice']")
        self.keep = False
        self.decide("accept", "KABUL EDİYORUM")
        self.keep = True
        self.page.goto("/applications")
        self.screen("19-too-early-to-renew")

    def refused(self, listens=True):
        """Somebody signs something else, three times. A page that cannot listen to the events asks for what they say."""
        events = "/api/v1/session/events"
        if not listens:
            self.page.route(f"**{events}", lambda route: route.fulfill(status=503))
        with self.provoking(*() if listens else (events,)):
            self.begin()
            code = self.code()
            for title in ("22-signature-refused", None, "23-three-refused"):
                with self.page.expect_navigation():
                    self.portal.post(code, self.portal.head("onay", code))
                self.page.wait_for_load_state()
                if title:
                    self.screen(title)

    def elsewhere(self):
        """E-Onay opens another browser than the one that shows the code."""
        self.page.goto("/continue#123456")
        self.page.wait_for_selector("output")
        self.screen("24-another-browser")
        if "#" in self.page.url:
            self.find("the number stays in the address")

    def time_passes(self):
        """On the page's own clock; the server's stands still beside it, so the page must find that the code is still good."""
        self.page.clock.install()
        self.begin()
        self.page.evaluate(LISTEN)
        self.page.clock.run_for(295_000)
        if (told := self.page.evaluate("told")) != [120, 60, 30, 10]:
            self.find(f"of the seconds left, these were told to a screen reader: {told}")
        # As after a computer's sleep.
        with self.page.expect_navigation():
            self.page.clock.fast_forward(3_600_000)
        self.page.wait_for_selector("#code")
        if int(self.page.inner_text("[data-seconds]")) < 200:
            self.find("the page believes its own clock, not the portal's")
