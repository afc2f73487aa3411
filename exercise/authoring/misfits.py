"""Where a file does not fit the format: pydantic's errors as problems of the file, in plain words.

Loaded only when something is wrong, which is not when a scenario is played.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from exercise.authoring.called_by_name import by_name
from exercise.authoring.faults import located, without_union_noise
from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.one_slip import told_once
from exercise.authoring.plain_words import explain
from exercise.authoring.problems import MOST_PROBLEMS, Path, Problem

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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
    faults = without_union_noise([located(source.data, detail) for detail in details[: 4 * MOST_PROBLEMS]])
    faults = [fault for fault in faults if not fault.follows_from_others]
    # A misspelt key is also a missing one: the second message would only confuse.
    misspelt = {(fault.path[:-1], known.meant(fault)) for fault in faults if fault.kind == "extra_forbidden"}
    faults, told = told_once(source, faults, known)
    found: dict[Problem, None] = dict.fromkeys(told)
    for fault in faults:
        if source.is_spoilt(fault.path) or (fault.kind == "missing" and (fault.path, fault.missing) in misspelt):
            continue
        words = by_name(source.data, fault) or explain(fault, known)
        path = fault.path if words.key is None else (*fault.path, words.key)
        found[source.problem(path, words.text, at_key=fault.at_key or words.key is not None)] = None
    problems = sorted(found)
    if len(details) > 4 * MOST_PROBLEMS or len(problems) > MOST_PROBLEMS:
        problems = problems[:MOST_PROBLEMS]
        problems.append(Problem(source.name, 0, 0, "", f"there are more problems than these {len(problems)}"))
    return problems


_ROUNDS = 7
_STAND_INS = ("10m", "T+99:00")
"""What stands in turn for a length or a time that cannot be read and may not be missing: one late enough to end all."""


def mended(data: Any, model: type[M]) -> M | None:
    """The model that the data make, or would make without what does not fit: keys left out, choices guessed.

    Only for looking on: one wrong word must not hide the wrong names in the rest of a file. None where that is not
    enough. Whatever is left out or guessed has been reported, so nothing that is found in its place should be.
    """
    data, known = copy.deepcopy(data), KnownKeys(model)
    unread: dict[Path, int] = {}
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            try:
                for detail in error.errors(include_url=False):
                    _mend(data, detail, known, unread)
            except (KeyError, IndexError, TypeError, ValueError):
                return None
    return None


def _mend(data: Any, detail: ErrorDetails, known: KnownKeys, unread: dict[Path, int]) -> None:
    """Leaves one misfit out, or guesses it; raises what Python raises where it cannot.

    `unread` counts how often each length or time was left out.
    """
    fault = located(data, detail)
    *way, last = path = (*fault.path, fault.missing) if fault.missing else fault.path
    around: Any = data
    for step in way:
        around = around[step]
    if fault.missing:
        around[last] = _STAND_INS[unread[path] - 1]
        return
    # A length or a time that cannot be read is left out where it may be missing, and else has something stand for it.
    kind, value = detail["type"], fault.value
    garbled = kind == "value_error" and isinstance(around, dict) and isinstance(value, str | int | float)
    if garbled or fault.at_key:
        left_out = around.pop(last)
        if garbled:
            unread[path] = unread.get(path, 0) + 1
        # A list under a misspelt name is all there: each of its names elsewhere would be called unknown.
        meant = known.meant(fault) if len(fault.path) == 1 else None
        if meant is not None:
            around.setdefault(meant, left_out)
    elif kind in ("enum", "literal_error"):
        expected = str(detail.get("ctx", {}).get("expected", ""))
        around[last] = expected.replace(" or ", ", ").split(", ")[0].strip("'")
    else:
        raise TypeError(kind)
