"""Writes the table of events at the end of log-format.md from the events themselves.

Run it after a change to any of them: `python docs/log_events.py`. A test compares the file with what this would write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args

from exercise.core.events import SENSITIVE, Event
from exercise.core.happened import Happened

FILE = Path(__file__).parent / "log-format.md"
MARK = "<!-- written by `python docs/log_events.py` -->\n"

HEAD = """
A field with `*` is kept as a digest, one in brackets may be left out. `exercise schema --log` says what form each has.
"""
FAMILIES = {
    "exercise.core.events": "The exercise",
    "exercise.core.requests.events": "Cooperation requests",
    "exercise.core.teamwork.events": "Team play",
    "exercise.core.control.events": "Exercise control's own hand",
    "exercise.core.evaluation.events": "After ENDEX",
}


def document() -> str:
    """The whole document, with its table as it has to be."""
    return FILE.read_text(encoding="utf-8").partition(MARK)[0] + MARK + HEAD + "".join(_tables())


def _tables() -> Iterator[str]:
    models: tuple[type[Happened], ...] = get_args(get_args(Event)[0])
    for family in dict.fromkeys(model.__module__ for model in models):
        yield f"\n### {FAMILIES[family]}\n\n| Event | What | Fields |\n| --- | --- | --- |\n"
        for model in models:
            if model.__module__ == family:
                yield _row(model)


def _row(model: type[Happened]) -> str:
    known = {field.name: field for field in fields(model)}
    kind = str(known["type"].default)
    hidden = SENSITIVE.get(kind, ())
    listed = []
    for name, field in known.items():
        if name == "type":
            continue
        inner = [part for part in hidden if part.partition(".")[0] == name]
        shown = "".join(f"`{part}`\\*" for part in inner) if name in hidden else f"`{name}`"
        shown += "".join(f", `{part}`\\*" for part in inner if part != name)
        required = field.default is MISSING and field.default_factory is MISSING
        listed.append(shown if required else f"[{shown}]")
    what = " ".join((model.__doc__ or "").split())
    return f"| `{kind}` | {what} | {', '.join(listed)} |\n"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
