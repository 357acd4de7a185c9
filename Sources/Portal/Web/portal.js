// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0
//
// Everything here is a convenience: each page works without it.
"use strict";

// The checksum of a T.C. identity number, told as it is typed. The portal checks again.
function isIdentity(text) {
    if (!/^[1-9][0-9]{10}$/.test(text)) return false;
    const d = Array.from(text, Number);
    const odd = d[0] + d[2] + d[4] + d[6] + d[8];
    const even = d[1] + d[3] + d[5] + d[7];
    const tenth = (((7 * odd - even) % 10) + 10) % 10;
    return d[9] === tenth && d[10] === d.slice(0, 10).reduce((sum, digit) => sum + digit, 0) % 10;
}

for (const input of document.querySelectorAll("[data-identity]")) {
    const told = document.getElementById("identity-check");
    input.addEventListener("input", () => {
        const digits = input.value.replace(/[^0-9]/g, "");
        if (digits !== input.value) input.value = digits;
        const missing = 11 - digits.length;
        const good = isIdentity(digits);
        const bad = missing === 0 && !good;
        told.className = "check" + (good ? " good" : bad ? " bad" : "");
        told.textContent = digits === "" ? "" : good ? input.dataset.good : bad ? input.dataset.bad
            : input.dataset.short.replace("#", missing);
        if (bad) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    });
}

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
        if (left === 0) location.replace("/code");
        else setTimeout(tick, Math.max(50, (end - performance.now()) % 1000 || 1000));
    };
    tick();
}

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

// E-Onay hands the number back in the fragment, which no server sees and which stays in no address.
const number = /^#[0-9]{6}$/.test(location.hash) ? location.hash.slice(1) : null;
if (number) history.replaceState(null, "", location.pathname);
for (const form of document.querySelectorAll("[data-continue]")) {
    if (!number) break;
    form.querySelector("#number").value = number;
    form.requestSubmit();
}

// The number came to another browser than the one that shows the code: it is shown, for a person to carry it over.
for (const place of document.querySelectorAll("[data-number]")) {
    if (!number) break;
    place.querySelector("output").textContent = number;
    place.hidden = false;
}

// When the session moves on, so does the page; also when another tab asked for another code.
if (document.body.dataset.state && "EventSource" in window) {
    const shown = document.querySelector("[data-copy]")?.dataset.copy;
    const events = new EventSource("/api/v1/session/events");
    const leave = (path) => {
        events.close();
        location.replace(path);
    };
    // Signing in renews the cookie, and the news of it may be here before the tab that signs in has it.
    const follow = async () => {
        events.close();
        for (let tries = 0; tries < 40; tries += 1) {
            const answer = await fetch("/api/v1/session").catch(() => null);
            if (answer?.ok) break;
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
        location.replace("/next");
    };
    events.addEventListener("session", (event) => {
        const session = JSON.parse(event.data);
        if (session.state === "ended") leave("/next");
        else if (session.state !== document.body.dataset.state || session.challenge?.code !== shown) follow();
    });
    // A signature was refused: the page says why.
    events.addEventListener("refusal", () => leave("/code"));
    // Refused for good, such as after the cookie was renewed.
    events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) follow(); });
    // What the page sends itself must not be cut off by the news of it: its answer brings the cookie.
    if (isSending) events.close(); else addEventListener("submit", () => events.close());
    addEventListener("pagehide", () => events.close());
}

// A page that the back button brings out of the browser's memory is as old as it was left.
addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
});
