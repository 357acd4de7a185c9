# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""pcscd is killed and comes back: when is the card known again?"""

import time

from .figures import Line, Sample
from .processes import Failure
from .session import Session

TITLE = "pcscd killed"
ABOUT = ("pcscd is killed (SIGKILL) with the card in its reader and started again at once, {rounds} times. The first line's clock runs "
         "from before the kill until the service tells on the bus that the card's certificate is there again; the second one's from before "
         "the new pcscd is started. `opensc-notify` is watched for {seconds} s after the first kill, while the card "
         "goes out and in again, and has told nothing in that time; it never does, since its context is dead.")


def measure(bench):
    rounds, seconds = bench.choose(15, 2), bench.choose(45, 2)
    killed, started = Sample("ms"), Sample("ms")
    with Session(bench.programs, bench.peers) as session:
        session.start_service()
        session.insert()
        session.heard(lambda words: words[1] == "notify", "a notification of the card")
        for _ in range(rounds):
            session.ear.forget_lines()
            before = time.monotonic_ns()
            session.kill_pcscd()
            start = time.monotonic_ns()
            session.start_pcscd()
            # The card has two certificates: the second one's return of the round before is not this round's news.
            session.heard(lambda words: tells_presence(words, "false"), "that a certificate is gone")
            at, _ = session.heard(lambda words: tells_presence(words, "true"), "that a certificate is present")
            killed.add((at - before) / 1e6)
            started.add((at - start) / 1e6)
    told = listen_to_peer(bench, seconds)
    peer = f"opensc-notify: {'told' if told else 'never'}"
    return ABOUT.format(rounds=rounds, seconds=seconds), [
        Line("restart", "pcscd killed, until the card is known again", peer, killed),
        Line("restart", "new pcscd started, until the card is known again", peer, started)]


def tells_presence(words, value):
    if words[2] != "PropertiesChanged" or "/certificate/" not in words[3]:
        return False
    return "Present" in words and words[words.index("Present") + 1] == value


def listen_to_peer(bench, seconds):
    """Whether opensc-notify tells of a card after pcscd was killed."""
    with Session(bench.programs, bench.peers) as session:
        session.start("opensc-notify")
        time.sleep(1)
        session.insert()
        session.heard(lambda words: words[1] == "notify", "a notification of the card")
        session.kill_pcscd()
        session.start_pcscd()
        session.ear.forget_lines()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            session.remove()
            time.sleep(min(1, seconds / 2))
            session.insert()
            time.sleep(min(1, seconds / 2))
        try:
            session.ear.wait_for(lambda line: "\tnotify\t" in line, "anything", patience=1)
        except Failure:
            return False
        return True
