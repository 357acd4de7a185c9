# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""From a card that is put in to the notification that tells of it."""

import contextlib
import random

from .figures import Line, Sample, at_most
from .session import Session

TITLE = "A card is put in"
ABOUT = ("An AKIS card with two certificates is put into our virtual reader, {rounds} times for each program, in turn; each has a "
         "session with a pcscd and a card of its own. The clock runs from the word \"insert\" to the notification's arrival at the "
         "notification server. `opensc-notify` reads nothing of the card. The C program waits for the card, loads OpenSC's PKCS#11 "
         "module, reads both certificates and exits, which is when its clock stops.")


def measure(bench):
    rounds = bench.choose(30, 3)
    with contextlib.ExitStack() as stack:
        def session():
            return stack.enter_context(Session(bench.programs, bench.peers))
        ours, notify, reader = session(), session(), session()
        ours.start_service()
        notify.start("opensc-notify")
        runs = {"eonayd": (Sample("ms"), lambda: until_notified(ours, "E-Onay")),
                "opensc-notify": (Sample("ms"), lambda: until_notified(notify, "", tells_removal=True)),
                "read-card": (Sample("ms"), lambda: until_read(reader, bench))}
        for _, run in runs.values():  # the first of each is cold, and not counted
            run()
        for _ in range(rounds):
            for sample, run in random.sample(list(runs.values()), len(runs)):
                sample.add(run())
    what = "card in, until its notification"
    ours, notify, reader = (runs[name][0] for name in ("eonayd", "opensc-notify", "read-card"))
    return ABOUT.format(rounds=rounds), [
        at_most(1.0, Line("card", what, "the C program", ours, reader)),
        Line("card", what, "opensc-notify", ours, notify)]


def until_notified(session, application, tells_removal=False):
    """Milliseconds; pulls the card out again.

    A program that tells of the removal as well is heard to its end: else that notification, which comes a moment after the card has
    left, would be taken for the one of the next insertion.
    """
    def is_from_it(words):
        return words[1] == "notify" and application in words[4]

    session.ear.forget_lines()
    before = session.insert()
    at, _ = session.heard(lambda words: is_from_it(words) and int(words[0]) >= before, "a notification")
    pull(session)
    if tells_removal:
        session.heard(is_from_it, "a notification of the removal")
    return (at - before) / 1e6


def until_read(session, bench):
    process = session.start(f"{bench.peers}/read-card", session.module)
    process.wait_for(lambda line: line == "waiting", "waiting")
    before = session.insert()
    ended = process.wait_for_end()
    process.wait_for(lambda line: line == "read 2", "that it has read two certificates")
    pull(session)
    return (ended - before) / 1e6


def pull(session):
    session.card.forget_lines()
    session.remove()
    session.card.wait_for(lambda line: line == "removal seen", "removal seen")
