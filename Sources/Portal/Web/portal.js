// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0
//
// Everything here is a convenience: each page works without it.
"use strict";

// The checksum of a T.C. identity number, shown while it is typed. The portal checks it again.
function isIdentity(text) {
    if (!/^[1-9][0-9]{10}$/.test(text)) return false;
    const d = Array.from(text, Number);
    const odd = d[0] + d[2] + d[4] + d[6] + d[8];
    const even = d[1] + d[3] + d[5] + d[7];
    const tenth = (((7 * odd - even) % 10) + 10) % 10;
    return d[9] === tenth && d[10] === d.slice(0, 10).reduce((sum, digit) => sum + digit, 0) % 10;
}

for (const input of document.querySelectorAll("[data-identity]")) {
    const check = document.getElementById("identity-check");
    input.addEventListener("input", () => {
        const digits = input.value.replace(/[^0-9]/g, "");
        if (digits !== input.value) input.value = digits;
        const missing = 11 - digits.length;
        const good = isIdentity(digits);
        const bad = missing === 0 && !good;
        check.className = "check" + (good ? " good" : bad ? " bad" : "");
        check.textContent = digits === "" ? "" : good ? input.dataset.good : bad ? input.dataset.bad
            : input.dataset.short.replace("#", missing);
        if (bad) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
        // The error is about the number that was sent, not about the one that is typed now.
        const error = document.getElementById(input.id + "-error");
        if (error && good) error.hidden = true;
    });
}

// A form that came back with errors: its summary is read first, and leads to each field.
document.querySelector(".error-summary")?.focus();

for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    const name = button.textContent;
    button.addEventListener("click", async () => {
        try {
            await navigator.clipboard.writeText(button.dataset.copy);
        } catch {
            const range = document.createRange();
            range.selectNodeContents(document.getElementById("code"));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            document.execCommand("copy");
        }
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = name; }, 2000);
    });
}

for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
}

// A second press of a button sends nothing a second time.
for (const form of document.querySelectorAll("[data-once]")) {
    form.addEventListener("submit", () => {
        for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
}
addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[data-once] button")) button.disabled = false;
});

let isSending = false;
addEventListener("submit", () => { isSending = true; });

// E-Onay passes the number in the fragment, which no server sees. It is removed from the address at once.
const number = /^#[0-9]{6}$/.test(location.hash) ? location.hash.slice(1) : null;
if (number) history.replaceState(null, "", location.pathname);
for (const form of document.querySelectorAll("[data-continue]")) {
    if (!number) break;
    form.querySelector("#number").value = number;
    form.requestSubmit();
}

// The number came to another browser than the one that shows the code: the page shows it, for a person to type it there.
for (const place of document.querySelectorAll("[data-number]")) {
    if (!number) break;
    place.querySelector("output").textContent = number;
    place.hidden = false;
}

// Asks the portal for the session: an object, or null if the portal says that there is none. Anything else is no answer:
// a proxy's page, a limit, silence. Then `pause` is the number of milliseconds after which the portal wants the next question.
async function askForSession() {
    try {
        const answer = await fetch("/api/v1/session", { cache: "no-store", signal: AbortSignal.timeout(15000) });
        const type = answer.headers.get("Content-Type") ?? "";
        if (answer.ok && type.startsWith("application/json")) return { session: await answer.json() };
        if (answer.status === 401 && type.startsWith("application/problem+json")) return { session: null };
        return { pause: 1000 * (Number(answer.headers.get("Retry-After")) || 0) };
    } catch {
        return { pause: 0 };
    }
}

// A pause that grows, with a random part: browsers must not all ask at once when the portal comes back.
function growing(tries, first, factor, most) {
    return Math.min(most, first * factor ** tries) * (0.75 + 0.5 * Math.random());
}

// Waits for the session to move on, and moves the page when it has. It leaves the page only when the portal has just
// answered: on the error page of a proxy no script would go on.
class Watch {
    state = document.body.dataset.state;
    refused = document.body.dataset.refused ?? "";
    shown = document.querySelector("[data-copy]")?.dataset.copy;
    offline = document.querySelector("[data-offline]");
    isOver = false;
    target = null;
    polls = 0;
    strangers = 0;
    refusals = 0;
    streamFrom = 0;

    // One connection, on which the portal sends what happens at once: a change, or a signature that it refused.
    listen() {
        this.events = new EventSource("/api/v1/session/events");
        let hasSpoken = false;
        const heard = (event) => {
            [hasSpoken, this.polls, this.refusals] = [true, 0, 0];
            this.showOffline(false);
            if (this.hasMoved(JSON.parse(event.data))) this.goTo("/next");
        };
        this.events.addEventListener("session", heard);
        this.events.addEventListener("refusal", heard);
        // The browser itself would try again for ever, together with all other browsers.
        this.events.addEventListener("error", () => {
            this.events.close();
            this.streamFrom = hasSpoken ? 0 : performance.now() + growing(this.refusals++, 15000, 3, 300000);
            this.lookIn(growing(this.polls++, 1600, 1.6, 30000));
        });
    }

    // Whether the page is out of date: the session has moved on, or a signature was refused that the page does not show.
    hasMoved(session) {
        const refused = session.refusal ? `${session.refusal.type} ${session.refusal.count}` : "";
        return session.state !== this.state || session.challenge?.code !== this.shown || refused !== this.refused;
    }

    // Leaves the page as soon as the portal answers.
    goTo(path) {
        this.target ??= path;
        this.events?.close();
        this.lookIn(0);
    }

    lookIn(milliseconds) {
        clearTimeout(this.timer);
        if (!this.isOver) this.timer = setTimeout(() => this.look(), milliseconds);
    }

    async look() {
        const { session, pause } = await askForSession();
        if (this.isOver) return;
        this.showOffline(session === undefined);
        if (session === undefined) {
            this.lookIn(Math.max(pause, growing(this.polls++, 1600, 1.6, 30000)));
        } else if (session === null && this.strangers < 9) {
            // Signing in renews the cookie, and the news may arrive before the new cookie.
            this.lookIn(250 * 1.35 ** this.strangers++);
        } else if (session === null || this.target || this.hasMoved(session)) {
            this.stop();
            location.replace(this.target ?? "/next");
        } else if (performance.now() < this.streamFrom) {
            this.lookIn(growing(this.polls++, 1600, 1.6, 30000));
        } else {
            this.listen();
        }
    }

    showOffline(isOffline) {
        if (this.offline) this.offline.textContent = isOffline ? this.offline.dataset.text : "";
    }

    stop() {
        this.isOver = true;
        clearTimeout(this.timer);
        this.events?.close();
    }
}

const watch = new Watch();
if (watch.state && !isSending) watch.listen();
// News must not interrupt a form that the page sends itself: the answer brings the cookie.
addEventListener("submit", () => watch.stop());
addEventListener("pagehide", () => watch.stop());

// The countdown runs on the monotonic clock. A screen reader hears it only now and then.
for (const panel of document.querySelectorAll("[data-countdown]")) {
    const seconds = panel.querySelector("[data-seconds]");
    const bar = panel.querySelector("progress");
    const announce = panel.querySelector("[data-announce]");
    const end = performance.now() + Number(panel.dataset.countdown) * 1000;
    const tick = () => {
        const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
        seconds.textContent = left;
        bar.value = left;
        panel.classList.toggle("urgent", left <= 30);
        if ([120, 60, 30, 10].includes(left)) announce.textContent = announce.dataset.text.replace("#", left);
        if (left === 0) watch.goTo("/code");
        else setTimeout(tick, Math.max(50, (end - performance.now()) % 1000 || 1000));
    };
    tick();
}

// The back button shows a page from the browser's memory, as it was when it was left.
addEventListener("pageshow", (event) => {
    if (event.persisted) new Watch().goTo(location.pathname + location.search);
});
