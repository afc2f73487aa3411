"""Where a file does not fit the format: pydantic's errors as problems of the file, in plain words.

Loaded only when something is wrong, which is not when a scenario is played.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from exercise.authoring.faults import located, without_union_noise
from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.lookalikes import ordinary
from exercise.authoring.plain_words import Words, explain
from exercise.authoring.problems import MOST_PROBLEMS, Path, Problem, quoted

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
    found: dict[Problem, None] = {}
    for fault in faults:
        if source.is_spoilt(fault.path) or (fault.kind == "missing" and (fault.path, fault.missing) in misspelt):
            continue
        words = explain(fault, known)
        if fault.kind == "string_pattern_mismatch" and isinstance(fault.value, str):
            words = _by_name(source.data, fault.path, fault.value) or words
        path = fault.path if words.key is None else (*fault.path, words.key)
        found[source.problem(path, words.text, at_key=fault.at_key or words.key is not None)] = None
    problems = sorted(found)
    if len(details) > 4 * MOST_PROBLEMS or len(problems) > MOST_PROBLEMS:
        problems = problems[:MOST_PROBLEMS]
        problems.append(Problem(source.name, 0, 0, "", f"there are more problems than these {len(problems)}"))
    return problems


def _by_name(data: Any, path: Path, value: str) -> Words | None:
    """What to say where something was called by its name, or several in one, though its id belongs there."""
    ids: dict[str, str] = {}
    for name in ("teams", "actors", "evidence", "indicators", "matters"):
        rows = data.get(name) if isinstance(data, dict) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                said = (row.get(key) for key in ("id", "short", "name", "title"))
                ids |= {one.casefold(): row["id"] for one in said if isinstance(one, str) and one.casefold() not in ids}
    whole = value.strip().casefold()
    if whole in ids and path[-1:] != ("id",):
        return Words(f"{quoted(value)} is a name; its id belongs here: {ids[whole]}")
    for between in (r"[;,&]| and ", r"[;,&\s]+"):
        parts = [part.strip() for part in re.split(between, ordinary(whole)) if part.strip()]
        if len(parts) > 1 and isinstance(path[-1], int) and all(part in ids for part in parts):
            meant = ", ".join(ids[part] for part in parts)
            return Words(f"{quoted(value)} is more than one; part them by commas: [{meant}]")
    return None


_ROUNDS = 7


def mended(data: Any, model: type[M]) -> M | None:
    """The model that the data make, or would make without what does not fit: keys left out, choices guessed.

    Only for looking on: one wrong word must not hide the wrong names in the rest of a file. None where that is not
    enough. Whatever is left out or guessed has been reported, so nothing that is found in its place should be.
    """
    data = copy.deepcopy(data)
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            try:
                for detail in error.errors(include_url=False):
                    _mend(data, detail)
            except (KeyError, IndexError, TypeError, ValueError):
                return None
    return None


def _mend(data: Any, detail: ErrorDetails) -> None:
    """Leaves one misfit out, or guesses it; raises what Python raises where it cannot."""
    fault = located(data, detail)
    *way, last = fault.path
    around: Any = data
    for step in way:
        around = around[step]
    # A length or a time that cannot be read may be left out where it may be missing; nothing is named by one.
    unread = detail["type"] == "value_error" and isinstance(around, dict) and isinstance(fault.value, str | int | float)
    if unread or (fault.at_key and not fault.missing):
        del around[last]
    elif detail["type"] in ("enum", "literal_error"):
        expected = str(detail.get("ctx", {}).get("expected", ""))
        around[last] = expected.replace(" or ", ", ").split(", ")[0].strip("'")
    else:
        raise TypeError(detail["type"])
