"""Where a file does not fit the format: pydantic's errors as problems of the file, in plain words.

Loaded only when something is wrong, which is not when a scenario is played.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from exercise.authoring.called_by_name import by_name
from exercise.authoring.faults import Fault, located, without_union_noise
from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.one_slip import told_once
from exercise.authoring.plain_words import explain
from exercise.authoring.problems import MOST_PROBLEMS, Path, Problem, quoted, readable_path

if TYPE_CHECKING:
    from exercise.authoring.yaml_source import Source

M = TypeVar("M", bound=BaseModel)


def from_validation_error(
    source: Source, error: ValidationError, model: type[BaseModel] | None = None
) -> list[Problem]:
    """Return pydantic's errors as problems at their places in the file, in plain words, one for one mistake.

    With `model` the messages can also name the keys that are known at each place.
    """
    known = KnownKeys(model)
    details = error.errors(include_url=False)
    faults = without_union_noise([located(source.data, detail) for detail in details[:_MOST_MISFITS]])
    faults = [fault for fault in faults if not fault.follows_from_others]
    # A misspelt key is also a missing one: the second message would only confuse.
    misspelt = {(fault.path[:-1], known.meant(fault)) for fault in faults if fault.kind == "extra_forbidden"}
    faults, told = told_once(source, faults, known)
    found: dict[Problem, None] = dict.fromkeys(told)
    date = source.data.get("date") if isinstance(source.data, dict) else None
    for fault in faults:
        if source.is_spoilt(fault.path) or (fault.kind == "missing" and (fault.path, fault.missing) in misspelt):
            continue
        words = by_name(source.data, fault) or explain(fault, known, date)
        path = fault.path if words.key is None else (*fault.path, words.key)
        found[source.problem(path, words.text, at_key=fault.at_key or words.key is not None)] = None
    problems = sorted(found)
    if len(details) > _MOST_MISFITS or len(problems) > MOST_PROBLEMS:
        problems = problems[:MOST_PROBLEMS]
        problems.append(Problem(source.name, 0, 0, "", f"there are more problems than these {len(problems)}"))
    return problems


_ROUNDS = 12
_MOST_MISFITS = 4 * MOST_PROBLEMS
"""With more than these a file is something else than a scenario, and its names are nobody's question."""
_STAND_IN = "10m"
"""What stands for a name, a text or a length that is not there."""
_LATE, _EARLY = "T+99:00", "T+0:00"
_A_DATE = "2031-03-12T06:00"
_QUOTED = re.compile(r"'[^']*'")
_SHOWN = re.compile(rf"{_STAND_IN}\b|{re.escape(_LATE)}")
_OF_SHAPE: dict[str, Callable[[], Any]] = {
    "list": list,
    "dict": dict,
    "model": dict,
    "tuple": list,
    "int": lambda: 1,
    "float": lambda: 1,
    "bool": lambda: False,
}
"""By how the name of pydantic's error begins."""
_PUT_RIGHT: tuple[dict[str, Any], ...] = (
    {"at_least": 1},
    {"by": 1, "to": None},
    {"starts": _EARLY, "ends": _LATE, "minutes": _STAND_IN},
    {"at": _EARLY, "move": None, "minute": None, "follows": None},
    {"lowest": 0, "start": 1, "highest": 100},
    {"values": [{"value": _STAND_IN, "says": _STAND_IN}]},
)
"""What makes keys go together that did not: of the first row all whose keys a mapping may have."""
_CALLED = {
    "evidence": "piece of evidence",
    "request_kinds": "kind of request",
    "request_channels": "channel of requests",
}


@dataclass
class Guessed:
    """What was put in and taken out so that the rest of a file could be looked at; of it nothing more is to be said."""

    source: Source
    paths: set[Path] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Names in what was taken out: that they are missed elsewhere is no news."""
    nameless: set[str] = field(default_factory=set)
    """Lists that are not there, or with an item whose name is not, so that any name could be its."""

    def explains(self, problem: Problem) -> bool:
        """Whether a problem comes of a guess, or may."""
        if _SHOWN.search(problem.text) or not self._quoted.isdisjoint(_QUOTED.findall(problem.text)):
            return True
        # The path itself, and all that it stands in.
        ends = [found.start() for found in re.finditer(r"[.\[]", problem.path)]
        if not self._shown.isdisjoint(problem.path[:end] for end in (*ends, len(problem.path))):
            return True
        called = (_CALLED.get(name, name.removesuffix("s")) for name in self.nameless)
        return any(re.search(rf"\bno (team or )?{re.escape(name)}( or actor)? '", problem.text) for name in called)

    @cached_property
    def _quoted(self) -> frozenset[str]:
        return frozenset(map(quoted, self.names))

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(readable_path(self.source.data, path) for path in self.paths)

    def take(self, path: Path, value: Any) -> None:
        """Notes that this value was taken out of its place, or is not what its author meant."""
        self.paths.add(path)
        if isinstance(value, str):
            self.names.add(value)
        elif isinstance(value, dict):
            self.names |= set(value)
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                self.take(path, part)


def mended(source: Source, model: type[M]) -> tuple[M | None, Guessed]:
    """The model that the data would make with what does not fit left out or guessed, and what that was.

    Only for looking on: one wrong word must not hide the wrong names in the rest of a file. None where that is not
    enough. Whatever is left out or guessed has been reported, so nothing that is found in its place should be.
    """
    data, known, guessed = copy.deepcopy(source.data), KnownKeys(model), Guessed(source)
    # A file that is no mapping at all, or could not be read, has no names.
    for _ in range(_ROUNDS if isinstance(data, dict) else 0):
        try:
            return model.model_validate(data), guessed
        except ValidationError as error:
            if error.error_count() > _MOST_MISFITS:
                break
            for detail in error.errors(include_url=False):
                fault = located(data, detail)
                if not fault.follows_from_others:
                    # One that stood in what was replaced since is seen again in the next round, if it is still there.
                    with suppress(KeyError, IndexError, TypeError, ValueError):
                        _mend(data, fault, known, guessed)
    return None, guessed


def _mend(data: Any, fault: Fault, known: KnownKeys, guessed: Guessed) -> None:
    """Leaves one misfit out, or guesses it; raises what Python raises where its place is gone."""
    *way, last = path = (*fault.path, fault.missing) if fault.missing else fault.path
    around: Any = data
    for step in way:
        around = around[step]
    value = None if fault.missing else around[last]
    if fault.at_key and not fault.missing:
        del around[last]
        # A list under a misspelt name is all there: each of its names elsewhere would be called unknown.
        meant = known.meant(fault) if len(fault.path) == 1 else None
        if meant is not None:
            around.setdefault(meant, value)
        else:
            guessed.take(path, value)
    elif (
        fault.kind == "value_error"
        and isinstance(value, dict)
        and (right := next((row for row in _PUT_RIGHT if row.keys() <= set(known.at(path))), None))
    ):
        for key, put in right.items():
            guessed.take((*path, key), value.pop(key, None))
            if put is not None:
                value[key] = copy.deepcopy(put)
    elif fault.kind == "value_error" and isinstance(around, dict) and path not in guessed.paths:
        # A length or a time that cannot be read: nothing is put in its place where it may be missing.
        guessed.take(path, around.pop(last))
    else:
        if last in ("id", "value") and len(way) > 1:
            guessed.nameless.add(str(way[-2]))
        guessed.take(path, value)
        around[last] = guess = _guess(fault, value)
        if isinstance(guess, list | dict) and (not way or last in ("roles", "options", "values")):
            guessed.nameless.add(str(last))


def _guess(fault: Fault, value: Any) -> Any:
    """What stands for a value that is missing or does not fit."""
    kind, context = fault.kind, fault.context
    if kind in ("enum", "literal_error"):
        first = str(context.get("expected", "")).replace(" or ", ", ").split(", ")[0]
        return int(first) if first.isdecimal() else first.strip("'")
    if kind == "value_error" and value == _STAND_IN:
        return _EARLY if fault.path[-1:] == ("starts",) else _LATE
    if kind.startswith("date") or (kind == "value_error" and value == _LATE):
        return _A_DATE
    if kind == "string_too_short":
        return _STAND_IN * int(context["min_length"])
    if kind == "too_short":
        return {**value, _STAND_IN: _STAND_IN} if isinstance(value, dict) else [*value, _STAND_IN]
    if kind == "too_long":
        return value[: context["max_length"]]
    if kind in ("effect", "condition"):
        return {"flag": _STAND_IN}
    for bound, beyond in (("gt", 1), ("ge", 0), ("le", 0), ("lt", -1)):
        if bound in context:
            return context[bound] + beyond
    return _OF_SHAPE.get(kind.partition("_")[0], lambda: _STAND_IN)()
