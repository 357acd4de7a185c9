# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""The tables, on the terminal and in docs/benchmarks.md."""

import datetime
import platform
import re
import subprocess

HEAD = ("", "ratio", "mark", "E-Onay", "peer")


def words(line):
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    mark = "" if line.met is None else f"{line.mark}, {'met' if line.met else 'missed'}"
    theirs = line.peer if line.theirs is None else f"{line.theirs} · {line.peer}"
    return line.what, ratio, mark, str(line.ours), theirs


def print_table(title, lines):
    rows = [(title, *HEAD[1:])] + [words(line) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print(flush=True)


def markdown_table(lines):
    rows = [HEAD, ("---", "---:", "---", "---", "---")] + [words(line) for line in lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def one_line(error):
    """What an exception says, for a table's place in the document."""
    return (" ".join(str(error).split()) or type(error).__name__)[:300].replace("*", "").replace("|", "/")


def document(sections, notes, arguments):
    """The text of docs/benchmarks.md; `notes` tells by key where a limit lies."""
    every = [line for _, _, lines in sections for line in lines]
    marked = [line for line in every if line.met is not None]
    missed = [line for line in marked if not line.met]
    parts = [
        "<!--\nSPDX-FileCopyrightText: The E-Onay authors\nSPDX-License-Identifier: Apache-2.0\n-->",
        "# Benchmarks",
        "`make bench` has written this: release programs (`make release`), peers in turn in the same run, medians with "
        "minimum and maximum, and the ratio of medians (E-Onay to its peer) first. "
        f"{machine()}",
        f"{len(marked) - len(missed)} of {len(marked)} marks are met.",
        markdown_table(marked)]
    if arguments.undisturbed:
        parts.insert(3, "Everything that was measured, peers included, ran with real-time priority (`--undisturbed`), since other programs kept the "
                     "computer busy.")
    if arguments.quick:
        parts.insert(3, "**A quick run, with few rounds: the figures mean little.**")
    failed = [title for title, _, lines in sections if not lines]
    if failed:
        parts.insert(3, f"**Failed in this run, so not measured: {'; '.join(failed)}.**")
    if missed:
        parts.append("## Missed, and where the limit lies")
        for key in dict.fromkeys(line.key for line in missed):
            names = "; ".join(line.what for line in missed if line.key == key)
            parts.append(f"**{names}.** {notes.get(key, 'Not looked into yet.')}")
    for title, about, lines in sections:
        parts += [f"## {title}", about] + ([markdown_table(lines)] if lines else [])
    return "\n\n".join(parts) + "\n"


def read_notes(text):
    """The notes of limits.md by their headings."""
    return {heading.strip(): body.strip() for heading, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.M | re.S)}


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    with open("/etc/os-release") as file:
        system = re.search(r'^PRETTY_NAME="(.*)"', file.read(), re.M).group(1)
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout
    version = re.search(r"Swift version (\S+)", swift)
    return (f"{datetime.date.today()}, {system}, Linux {platform.release()}, {len(models)} × {models[0]}, "
            f"Swift {version.group(1) if version else 'unknown'}.")
