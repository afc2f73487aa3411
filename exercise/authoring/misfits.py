"""Where a file does not fit the format: pydantic's errors as problems of the file, in plain words.

Loaded only when something is wrong, which is not when a scenario is played.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.authoring.faults import located, without_union_noise
from exercise.authoring.known_keys import KnownKeys
from exercise.authoring.plain_words import explain
from exercise.authoring.problems import MOST_PROBLEMS, Problem

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from exercise.authoring.yaml_source import Source


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
        path = fault.path if words.key is None else (*fault.path, words.key)
        found[source.problem(path, words.text, at_key=fault.at_key or words.key is not None)] = None
    problems = sorted(found)
    if len(details) > 4 * MOST_PROBLEMS or len(problems) > MOST_PROBLEMS:
        problems = problems[:MOST_PROBLEMS]
        problems.append(Problem(source.name, 0, 0, "", f"there are more problems than these {len(problems)}"))
    return problems
