# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
"""Measured values, and lines of a table made of them."""

import dataclasses
import statistics


class Sample:
    """Values of one thing, measured several times, in one unit."""

    def __init__(self, unit, values=()):
        self.unit, self.values = unit, list(values)

    def add(self, value):
        self.values.append(value)

    @property
    def median(self):
        return statistics.median(self.values)

    def __str__(self):
        if len(self.values) == 1:
            return f"{number(self.median)} {self.unit}"
        return f"{number(self.median)} ({number(min(self.values))} to {number(max(self.values))}) {self.unit}"


def number(value):
    """Three digits that count, and whole numbers whole."""
    if value == int(value) and abs(value) < 1000:
        return f"{int(value)}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


@dataclasses.dataclass
class Line:
    """One line of a table: our figure, a peer's, and what was promised."""

    key: str
    what: str
    peer: str
    ours: Sample
    theirs: Sample | None = None
    mark: str = ""
    met: bool | None = None

    @property
    def ratio(self):
        if self.theirs is None or not self.theirs.median or self.theirs.unit != self.ours.unit:
            return None
        return self.ours.median / self.theirs.median


def at_most(limit, line):
    """Marks the line: our ratio to the peer shall be no more than this."""
    line.mark, line.met = f"at most {limit} ×", line.ratio <= limit
    return line


def at_least(limit, line):
    """Marks the line: our ratio to the peer shall be no less than this."""
    line.mark, line.met = f"at least {limit} ×", line.ratio >= limit
    return line


def below(limit, line):
    """Marks the line: our own median shall be no more than this."""
    line.mark, line.met = f"at most {number(limit)} {line.ours.unit}".strip(), line.ours.median <= limit
    return line
