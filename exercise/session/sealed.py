"""What the seals in a log vouch for: each signature looked at, over the line it names, by which key.

Only lines and hashes are needed, so a log without its words, names or scenario is held to its seals all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercise.session.chain import Row
from exercise.session.log import Header
from exercise.session.seal import holds, own_public, shown, statement

SEALED = "log-sealed"
"""The type of the event that holds a seal."""

_FORMS = {
    "head": re.compile(r"[0-9a-f]{64}"),
    "key": re.compile(r"[0-9a-f]{64}"),
    "signature": re.compile("[0-9a-f]{128}"),
}


@dataclass(frozen=True, slots=True)
class SealFound:
    """A seal in entry `seq`, over the entries up to `upto`; `wrong` is why it does not hold, '' where it does."""

    seq: int
    line: int
    upto: int
    key: str
    wrong: str = ""
    changed: int | None = None
    """The entry that was changed, where that can be told."""


def seals_in(rows: Sequence[Row], header: Header | None, broken: int | None) -> tuple[SealFound, ...]:
    """All seals of a log, in order; `broken` is the entry at which the chain breaks."""
    found: list[SealFound] = []
    sound = 0
    for place, item in enumerate(rows, start=1):
        if item.kind == SEALED:
            one = _look(rows, place, header, broken, sound)
            sound = sound if one.wrong else max(sound, one.upto)
            found.append(one)
    return tuple(found)


def _look(rows: Sequence[Row], place: int, header: Header | None, broken: int | None, sound: int) -> SealFound:
    item = rows[place - 1]
    said = _said(item.event)
    if said is None:
        return SealFound(place, item.line, 0, "", f"the seal in entry {place} cannot be read", place)
    upto, head, key, signature = said
    bad = ""
    changed = None
    if not holds(key, signature, statement(_session(header, upto), upto, head)):
        bad, changed = f"the seal in entry {place} is not by the key it names, or of another log", place
    elif broken is not None and broken <= upto:
        what = f"entry {broken} was" if broken else "the header was"
        bad, changed = f"{what} changed, dropped, added or moved after it was sealed", broken
    elif not 1 <= upto < place:
        bad = f"the seal in entry {place} is over entry {upto}, which does not stand before it"
    elif rows[upto - 1].hash != head:
        bad = f"one of the entries {sound + 1} to {upto} was changed and the chain made anew after it was sealed"
    return SealFound(place, item.line, upto, key, bad, changed)


def _said(event: Mapping[str, Any]) -> tuple[int, str, str, str] | None:
    upto = event.get("upto")
    parts = [event.get(name) for name in _FORMS]
    fits = all(
        isinstance(part, str) and form.fullmatch(part) for part, form in zip(parts, _FORMS.values(), strict=True)
    )
    if type(upto) is not int or not fits or event.get("kind") != "ed25519":
        return None
    head, key, signature = (str(part) for part in parts)
    return upto, head, key, signature


def _session(header: Header | None, upto: int) -> str:
    """The session in whose name an entry was written: in a fork the first ones are the parent's."""
    name = header.session if header else ""
    parent = header.parent if header else None
    while parent is not None and upto <= parent.seq:
        name, parent = parent.session, parent.parent
    return name


def of_whom(key: str) -> str:
    """A key in words."""
    own = own_public()
    whose = "" if not own else " (this machine's own)" if own == key else " (not this machine's own)"
    return f"the key {shown(key)}{whose}"
