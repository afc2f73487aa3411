"""Where an author wrote what people read - a name, a title, a bare word - and the file wants its id or its form."""

from __future__ import annotations

import re
from typing import Any

from exercise.authoring.faults import Fault
from exercise.authoring.lookalikes import ordinary
from exercise.authoring.plain_words import Words
from exercise.authoring.problems import Path, quoted

__all__ = ["by_name"]

_PARTIES = ("teams", "actors")
_LISTS = {
    "move": ("moves",),
    **dict.fromkeys(("follows", "released"), ("injects",)),
    **dict.fromkeys(("chose", "lapsed"), ("decisions",)),
    **dict.fromkeys(("learn", "knows", "gives", "part", "encloses"), ("evidence",)),
    "indicator": ("indicators",),
    "fact": ("facts",),
}
"""Which lists of the file hold what a key names; any other may name a party, evidence, an indicator or a matter."""
_ANY = (*_PARTIES, "evidence", "indicators", "matters")
_HAPPENED = {"released": "injects", "chose": "decisions"}
"""Conditions that need nothing but a name, with the list that has it."""
_NOT_A_FLAG = re.compile(r"(?:not|no|!)[ -]*(.+)", re.IGNORECASE)


def by_name(data: Any, fault: Fault) -> Words | None:
    """What to say instead of the fault's own words, where it is clear what was meant."""
    path, value = fault.path, fault.value
    if not isinstance(value, str):
        return None
    if fault.kind in ("condition", "effect"):
        return _bare_name(data, value, fault.kind)
    if fault.kind == "model_type" and path[-1:] == ("time",):
        return Words(f"from when or until when is not said; write {{ from: {value} }} or {{ until: {value} }}")
    if fault.kind != "string_pattern_mismatch" or path[-1:] == ("id",):
        return None
    if path == ("language",) or path[-1:] == ("language",):
        return Words(f"{quoted(value)} is no short name of a language; write such as en, lv or ro")
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    lists = _LISTS.get(key, _ANY)
    ids = _options(data) if key == "option" else _ids(_rows(data, *lists))
    whole = value.strip().casefold()
    if whole in ids:
        return Words(f"{quoted(value)} is a name; its id belongs here: {ids[whole]}")
    if "/" in value and lists == _ANY:
        return _seat(data, value, takes_roles="/" in str(fault.context.get("pattern", "")))
    return _several(path, value, ids)


def _bare_name(data: Any, value: str, kind: str) -> Words | None:
    """A flag's name, or another's, that stands alone where a condition or an effect belongs."""
    flags = data.get("flags") if isinstance(data, dict) else None
    flags = flags if isinstance(flags, dict) else {}
    word = value.strip()
    negated = _NOT_A_FLAG.fullmatch(word)
    if word in flags:
        return Words(f"a flag stands in braces here: {{ flag: {word} }}")
    if negated and negated[1] in flags:
        put = f"{{ not: {{ flag: {negated[1]} }} }}" if kind == "condition" else f"{{ clear: {negated[1]} }}"
        return Words(f"a flag stands in braces here: {put}")
    for key, name in _HAPPENED.items() if kind == "condition" else ():
        if word in [row["id"] for row in _rows(data, name)]:
            return Words(f"what has to have happened stands in braces here: {{ {key}: {word} }}")
    return None


def _seat(data: Any, value: str, *, takes_roles: bool) -> Words | None:
    """A role by its name where its id belongs, or a role where a team stands alone."""
    team, _, role = (part.strip().casefold() for part in value.partition("/"))
    rows = _rows(data, "teams")
    id = _ids(rows).get(team)
    if id is None:
        return None
    if not takes_roles:
        return Words(f"a team stands here, without a role: {id}")
    roles = next((row.get("roles") for row in rows if row["id"] == id), None)
    meant = _ids(_with_id(roles)).get(role)
    return Words(f"{quoted(value)} is a name; its id belongs here: {id}/{meant}") if meant else None


def _several(path: Path, value: str, ids: dict[str, str]) -> Words | None:
    """Several names in one item of a list."""
    for between in (r"[;,&]| and ", r"[;,&\s]+"):
        parts = [part.strip() for part in re.split(between, ordinary(value.strip().casefold())) if part.strip()]
        if len(parts) > 1 and isinstance(path[-1], int) and all(part in ids for part in parts):
            meant = ", ".join(ids[part] for part in parts)
            return Words(f"{quoted(value)} is more than one; part them by commas: [{meant}]")
    return None


def _ids(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Ids by all that a row is called."""
    ids: dict[str, str] = {}
    for row in rows:
        said = (row.get(key) for key in ("id", "short", "name", "title"))
        ids |= {one.casefold(): row["id"] for one in said if isinstance(one, str) and one.casefold() not in ids}
    return ids


def _options(data: Any) -> dict[str, str]:
    return _ids([option for row in _rows(data, "decisions") for option in _with_id(row.get("options"))])


def _rows(data: Any, *lists: str) -> list[dict[str, Any]]:
    return [row for name in lists for row in _with_id(data.get(name) if isinstance(data, dict) else None)]


def _with_id(rows: Any) -> list[dict[str, Any]]:
    rows = rows if isinstance(rows, list) else []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]
