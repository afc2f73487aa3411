"""Where in a preview something stands: the page of an item, of a problem, or of words that somebody looks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from exercise.authoring.everything import Everything
from exercise.authoring.nearest import did_you_mean
from exercise.authoring.problems import Problem
from exercise.authoring.yaml_source import Source
from exercise.core.scenario import Scenario
from exercise.errors import UsageError
from exercise.language import folded
from exercise.tui.preview.pages import Page, pages

__all__ = ["Spot", "as_seat", "spot_of", "spot_of_problem", "with_words"]


class Spot(NamedTuple):
    """A page, the seat that reads it ('' for any), and whether only control does."""

    page: str
    seat: str = ""
    control: bool = False


_OF_LISTS = {
    "matters": Spot("asks"),
    "evidence": Spot("evidence"),
    "indicators": Spot("situation"),
    "hot_wash": Spot("hot-wash"),
    "facts": Spot("facts", control=True),
    "actors": Spot("actors", control=True),
    "objectives": Spot("objectives", control=True),
    "facilitator": Spot("guide", control=True),
}
_ITEM = re.compile(r"(\w+)(?:\[([^\]]+)\])?(?:\.(\w+))?")


def as_seat(everything: Everything, name: str) -> str:
    """The seat of this name, the first team where none is named; raises UsageError."""
    if not name:
        return everything.seats[0]
    if name in everything.seats:
        return name
    near = did_you_mean(name, everything.seats) or f"; known: {', '.join(everything.seats)}"
    raise UsageError(f"There is no team or role '{name[:60]}'{near.rstrip('?')}{'?' if near.endswith('?') else '.'}")


def spot_of(everything: Everything, name: str) -> Spot:
    """Where the item, or the page, with this id is read; raises UsageError where there is none."""
    scenario = everything.scenario
    name = name.strip("[]")
    if name in scenario.injects_by_id or name in scenario.decisions_by_id:
        return _of_row(everything, name)
    if name in scenario.teams_by_id:
        return Spot("briefing", name)
    if any(move.id == name for move in scenario.moves):
        return Spot(f"#{name}")
    for key in ("matters", "evidence", "indicators", "facts", "actors", "objectives"):
        if any(item.id == name for item in getattr(scenario, key)):
            return _OF_LISTS[key]
    if (page := _page_of(everything, name)) is not None:
        return page
    ids = [*scenario.injects_by_id, *scenario.decisions_by_id, *scenario.matters_by_id, *scenario.teams_by_id]
    raise UsageError(f"Nothing in this scenario has the id '{name[:60]}'{did_you_mean(name, ids) or '.'}")


def spot_of_problem(everything: Everything, source: Source, problem: Problem) -> Spot | None:
    """The page on which to look at what is wrong; None where it is the file as a whole."""
    path = problem.path
    if not path and problem.file != source.name:
        path = _beside(source, problem.file)
    match = _ITEM.match(path)
    if match is None:
        return None
    key, name, part = match[1], match[2] or "", match[3] or ""
    name = _id_of(everything.scenario, key, name)
    if key in ("injects", "decisions"):
        known = {**everything.scenario.injects_by_id, **everything.scenario.decisions_by_id}
        return _of_row(everything, name) if name in known else None
    if key == "teams":
        return Spot("directory" if part == "directory" else "briefing", name if name in everything.seats else "")
    if key == "moves":
        return Spot(f"#{name}")
    if key == "occasions":
        return Spot("objectives", control=True)
    return _OF_LISTS.get(key, Spot("briefing"))


def with_words(listed: Sequence[Page], words: str) -> list[Page]:
    """The pages that hold every one of some words, those with them in the title first."""
    wanted = folded(words).split()
    found = [
        page
        for page in listed
        if page.text and all(word in folded(f"{page.id} {page.title} {page.text}") for word in wanted)
    ]
    return sorted(found, key=lambda page: not all(word in folded(f"{page.id} {page.title}") for word in wanted))


def nearest_page(shown: Sequence[Page], wanted: str) -> Page | None:
    """The page of this id, or the first one below its heading."""
    ids = [page.id for page in shown]
    start = ids.index(wanted) if wanted in ids else -1
    return next((page for page in shown[max(start, 0) :] if page.text), None) if start >= 0 else None


def _page_of(everything: Everything, name: str) -> Spot | None:
    """The page with this id, at the first seat that has it, without control's part where it stands without."""
    kind, _, id = name.partition(":")
    if kind in ("inject", "decision") and id in getattr(everything.scenario, f"{kind}s_by_id"):
        return _of_row(everything, id)
    for control in (False, True):
        for seat in everything.seats:
            if any(page.id == name and page.text for page in pages(everything, seat, control=control)):
                return Spot(name, seat, control)
    return None


def _of_row(everything: Everything, name: str) -> Spot:
    decision = everything.scenario.decisions_by_id.get(name)
    if decision is not None:
        return Spot(f"decision:{name}", decision.team)
    seats: Iterable[str] = (seat for seat in everything.seats if name in everything.inject_of(seat))
    inject = everything.scenario.injects_by_id[name]
    return Spot(f"inject:{name}", "" if "all" in inject.to else next(iter(seats), ""))


def _id_of(scenario: Scenario, key: str, name: str) -> str:
    """The id of an item that a problem counts from 1, since it has no id in the newest text."""
    items = getattr(scenario, key, ())
    if name.isdecimal() and isinstance(items, tuple) and 0 < int(name) <= len(items):
        return str(getattr(items[int(name) - 1], "id", name))
    return name


def _beside(source: Source, file: str) -> str:
    """What the text in another file belongs to: the first part of its place in the scenario."""
    name = file.replace("\\", "/").rpartition("/")[2]
    number = next((n for n, line in enumerate(source.text.split("\n"), 1) if name in line and "file:" in line), 0)
    paths = [path for path, (_, place) in source.places.items() if place.line == number and path]
    if not paths:
        return ""
    first = min(paths, key=len)
    inside: object = source.data
    parts: list[str] = []
    for step in first[:2]:
        inside = inside[step] if isinstance(inside, dict | list) else None  # type: ignore[index]
        id = inside.get("id") if isinstance(inside, dict) else None
        parts.append(f"[{id or step}]" if isinstance(step, int) else str(step))
    return "".join(parts)
