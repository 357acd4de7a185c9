# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""A whole approval, against the parts that it cannot do without."""

import os
import shutil

from .figures import Line, Sample, below
from .gate import Gate
from .processes import Failure
from .session import Session

TITLE = "A whole approval"
PIN = "123456"
ABOUT = ("A decision with the PIN from a descriptor, from the call of `Approve` to the signal `Completed` with the portal's record on its "
         "disk, {rounds} times: card in the reader, AKIS with an RSA-2048 key, OpenSC's module, our portal on the loopback. The parts are "
         "measured in the same approvals: every HTTP round trip at a gate before the portal ({trips} of them), and in turn with them "
         "two C_Sign by a C program on the same card. What is left is two programs started, the module loaded, the card read, the PIN "
         "verified, certificates and signatures checked, and everything synced to disk.")


def measure(bench):
    if not bench.has("eonay-portal"):
        raise Failure("eonay-portal is not built")
    rounds = bench.choose(20, 3)
    whole, http, sign, above = Sample("ms"), Sample("ms"), Sample("ms"), Sample("ms")
    gate = Gate()
    with Session(bench.programs, bench.peers, issue=("nes",), with_authority=True,
                 configuration=f'[Portal "bench"]\nOrigin={gate.origin}') as session:
        start_portal(session, gate)
        session.start_service()
        session.insert()
        session.heard(lambda words: words[1] == "notify", "a notification of the card")
        trips = 0
        for round_number in range(rounds + 1):
            decision = ("accept", "decline")[round_number % 2]
            gate.take_round_trips()
            elapsed, result = session.run(f"{bench.peers}/approve", decision, PIN).split(maxsplit=1)
            if result.strip() != "recorded":
                raise Failure(f"an approval ended as {result}")
            answers = gate.take_round_trips()
            signatures = session.run(f"{bench.peers}/sign-card", session.module, PIN, "2").split()
            if round_number == 0:  # cold, and not counted
                continue
            trips = len(answers)
            whole.add(float(elapsed) / 1000)
            http.add(sum(answers))
            sign.add(sum(map(float, signatures)) / 1000)
            above.add(whole.values[-1] - http.values[-1] - sign.values[-1])
    gate.close()
    return ABOUT.format(rounds=rounds, trips=trips), [
        Line("approval-whole", "a whole approval", "", whole),
        Line("approval-http", "of that, HTTP round trips", "", http),
        Line("approval-sign", "of that, two C_Sign", "", sign),
        below(60, Line("approval", "a whole approval above the sum of its parts", "", above))]


def start_portal(session, gate):
    os.mkdir(session.path("anchors"))
    os.mkdir(session.path("portal"))
    for name in ("root.pem", "issuer.pem"):
        shutil.copy(session.path(f"ca/{name}"), session.path(f"anchors/{name}"))
    with open(session.path("portal.conf"), "w") as file:
        file.write(f"[Server]\nListen=127.0.0.1:0\nOrigin={gate.origin}\nDataDirectory={session.path('portal')}\n"
                   f"[Trust]\nAnchors={session.path('anchors')}\n[Revocation]\nPolicy=prefer\nTimeout=1\n"
                   "[Limits]\nCodesPerIdentity=1000\n")
    portal = session.start(f"{session.programs}/eonay-portal", "serve", "--config", session.path("portal.conf"))
    _, line = portal.wait_for(lambda line: line.startswith("listening on "), "where it listens")
    address = line.removeprefix("listening on ")
    gate.lead_to(address if address.startswith("http") else f"http://{address}")
