"""Slips that make many faults of the form at once, told once and by what they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from exercise.authoring.faults import Fault
from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.problems import Path, Problem, quoted

if TYPE_CHECKING:
    from exercise.authoring.yaml_source import Source

__all__ = ["told_once"]


def told_once(source: Source, faults: list[Fault], known: KnownKeys) -> tuple[list[Fault], list[Problem]]:
    """The faults without those that come of a slip which is told as one problem, and these problems."""
    problems: list[Problem] = []
    for told in (_in_wrong_list, _torn_by_commas):
        found, left = told(source, faults, known)
        problems += found
        faults = left
    return faults, problems


def _in_wrong_list(source: Source, faults: list[Fault], known: KnownKeys) -> tuple[list[Problem], list[Fault]]:
    """Items of one list that are whole items of another: the line with the other's name is gone, or is below them."""
    unknown: dict[Path, int] = {}
    for fault in faults:
        if fault.kind == "extra_forbidden" and len(fault.path) == 3 and isinstance(fault.path[1], int):
            unknown[fault.path[:2]] = unknown.get(fault.path[:2], 0) + 1
    meant = {
        path: found for path, count in unknown.items() if count > 1 and (found := _other_list(source, path, known))
    }
    problems: list[Problem] = []
    for path, other in meant.items():
        here, place = path[0], int(path[1])
        if meant.get((here, place - 1)) == other:
            continue
        more = 0
        while meant.get((here, place + more + 1)) == other:
            more += 1
        rest = (
            f", and so should the {more} below it" if more > 1 else ", and so should the one below it" if more else ""
        )
        text = f"this looks like an item of '{other}' and should stand there{rest}; is the line '{other}:' missing?"
        problems.append(source.problem(path, text))
    return problems, [fault for fault in faults if fault.path[:2] not in meant]


def _other_list(source: Source, path: Path, known: KnownKeys) -> str:
    item: Any = source.data
    for step in path:
        item = item[step]
    for name in known.at(()):
        first: Path = (name, 0)
        needed = set(known.needed(first))
        if name != path[0] and needed and needed <= set(item) <= set(known.at(first)):
            return name
    return ""


def _torn_by_commas(source: Source, faults: list[Fault], _known: KnownKeys) -> tuple[list[Problem], list[Fault]]:
    """Texts without quotes inside braces, of which a comma makes a short text and keys that nobody knows."""
    torn = {fault.path for fault in faults if _is_torn(source, fault)}
    problems: dict[Path, Problem] = {}
    for path in sorted(torn, key=source.where):
        around = path[:-1]
        before = _before(source, path)
        if around not in problems and before is not None:
            text = (
                f"a comma ends a text that stands in braces, here behind {quoted(before[1])}; put all of it in quotes"
            )
            problems[around] = source.problem((*around, before[0]), text)
    short = {fault.path for fault in faults if fault.kind == "string_too_short" and fault.path[:-1] in problems}
    gone = {path for path in torn if path[:-1] in problems} | short
    return list(problems.values()), [fault for fault in faults if fault.path not in gone]


def _is_torn(source: Source, fault: Fault) -> bool:
    if fault.kind != "extra_forbidden" or fault.value is not None:
        return False
    place, key = source.where(fault.path, at_key=True), str(fault.path[-1])
    rest = source.text.split("\n", place.line)[place.line - 1][place.column - 1 :]
    return rest.startswith(key) and rest[len(key) :].lstrip()[:1] in (",", "}")


def _before(source: Source, path: Path) -> tuple[str, str] | None:
    """The key before this one with its text, where it has one."""
    around: Any = source.data
    for step in path[:-1]:
        around = around[step]
    keys: Iterable[str] = list(around)
    earlier = [key for key in keys if source.where((*path[:-1], key)) < source.where(path)]
    last = earlier[-1] if earlier else None
    return (last, around[last]) if last is not None and isinstance(around[last], str) else None
