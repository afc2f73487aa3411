"""What an import could not carry, line by line, so that no author has to compare two files to find out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from exercise.core.text import clean_text

__all__ = ["FILE", "LossLine", "LossReport"]

FILE = "import-report.md"
"""What the report is called beside the scenario."""

Sort = Literal["left out", "kept elsewhere", "added", "changed"]

_HEADINGS: dict[Sort, str] = {
    "left out": "Left out",
    "kept elsewhere": "Kept, but in another place",
    "changed": "Changed on the way",
    "added": "Added, since a scenario needs it",
}
_MOST_PRINTED = 6
"""So many examples of one reason are printed; the file has them all."""


@dataclass(frozen=True)
class LossLine:
    """One thing of the source and what became of it; `where` is its place there, such as `injects[3].content`."""

    sort: Sort
    where: str
    text: str
    why: str
    went: str = ""


@dataclass
class LossReport:
    """The lines of one import in the order they were found, with what is left to decide and the names given."""

    lines: list[LossLine] = field(default_factory=list)
    to_decide: list[str] = field(default_factory=list)
    """Ready lines `scenario.yaml:12: what`, filled in once the file is written."""
    names: list[tuple[str, str, str]] = field(default_factory=list)
    """(what it is, what the source calls it, its id in the scenario)."""

    def lost(self, where: str, text: object, why: str) -> None:
        """Notes something that the scenario does not hold."""
        self._add("left out", where, text, why)

    def kept(self, where: str, text: object, why: str, went: str) -> None:
        """Notes something that stands in another place than a reader of the source would look for it."""
        self._add("kept elsewhere", where, text, why, went)

    def changed(self, where: str, text: object, why: str) -> None:
        """Notes something that stands where it belongs, but not as it was."""
        self._add("changed", where, text, why)

    def added(self, where: str, why: str) -> None:
        """Notes something that the source does not have."""
        self._add("added", where, "", why)

    def _add(self, sort: Sort, where: str, text: object, why: str, went: str = "") -> None:
        self.lines.append(LossLine(sort, clean_text(where), clean_text(str(text)), why, went))

    def count(self, sort: Sort) -> int:
        """How many lines there are of a sort."""
        return sum(line.sort == sort for line in self.lines)

    def groups(self) -> Iterator[tuple[str, str, list[LossLine]]]:
        """(heading, reason, lines) in the order to be read: what is gone first, the same reason together."""
        for sort, heading in _HEADINGS.items():
            found: dict[tuple[str, str], list[LossLine]] = {}
            for line in self.lines:
                if line.sort == sort:
                    found.setdefault((line.why, line.went), []).append(line)
            for (why, went), lines in found.items():
                yield heading, f"{why} → {went}" if went else why, lines

    def summary(self) -> str:
        """One line of figures."""
        sorts = ", ".join(f"{self.count(sort)} {sort}" for sort in _HEADINGS)
        return f"{sorts}; {len(self.to_decide)} to decide"

    def printed(self) -> Iterator[str]:
        """Lines for a terminal: every reason, a few examples of each."""
        last = ""
        for heading, why, lines in self.groups():
            if heading != last:
                yield f"{heading}:"
                last = heading
            yield f"  {why}"
            for line in lines[:_MOST_PRINTED]:
                text = _short(line.text)
                yield f"    {line.where}{': ' if line.where and text else ''}{text}"
            if len(lines) > _MOST_PRINTED:
                yield f"    … and {len(lines) - _MOST_PRINTED} more in {FILE}"
        if self.to_decide:
            yield "To decide:"
        asked: dict[str, list[str]] = {}
        for said in self.to_decide:
            place, path, what = said.split(": ", 2)
            asked.setdefault(what, []).append(f"{place}: {path}")
        for what, places in asked.items():
            yield f"  {what}"
            yield from (f"    {place}" for place in places[:_MOST_PRINTED])
            if len(places) > _MOST_PRINTED:
                yield f"    … and {len(places) - _MOST_PRINTED} more in {FILE}"

    def markdown(self, title: str, source: str, outcome: str) -> str:
        """The whole report as a file; texts of the source stand as code, so that nothing in them is markup."""
        out = [f"# What became of {_code(source)}", "", f"Scenario: {_code(title)}. {outcome}", "", self.summary(), ""]
        last = ""
        for heading, why, lines in self.groups():
            if heading != last:
                out += [f"## {heading}", ""]
                last = heading
            out += [f"### {why}", ""]
            for line in lines:
                out += _item(line)
            out.append("")
        if self.to_decide:
            out += ["## To decide", ""]
            for said in self.to_decide:
                place, path, what = said.split(": ", 2)
                out.append(f"- {_code(f'{place}: {path}')}: {what}")
            out.append("")
        if self.names:
            out += ["## Names", "", "What the source calls a thing, and its id in the scenario.", ""]
            out += [f"- {what} {_code(theirs)}: `{ours}`" for what, theirs, ours in self.names]
            out.append("")
        return "\n".join(out).rstrip() + "\n"


def _item(line: LossLine) -> list[str]:
    where = _code(line.where) if line.where else ""
    if not line.text:
        return [f"- {where or 'the whole'}"]
    if "\n" not in line.text:
        return [f"- {where}{': ' if where else ''}{_code(line.text)}"]
    fence = "`" * max(3, _ticks(line.text) + 1)
    body = [f"  {row}" for row in line.text.split("\n")]
    return [f"- {where}{':' if where else ''}", "", f"  {fence}", *body, f"  {fence}"]


def _ticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _code(text: str) -> str:
    text = clean_text(text)
    ticks = "`" * (_ticks(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{ticks}{pad}{text}{pad}{ticks}".replace("\n", " ")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 72 else flat[:71] + "…"
