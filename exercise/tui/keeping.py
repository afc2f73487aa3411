"""Half-written things that outlive the app: sent to the hub as one writes, and found again at another terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from exercise.core.text import clean_text
from exercise.hub.protocol import LONGEST_KEPT
from exercise.tui.draft import draft_key
from exercise.tui.request_draft import request_key

if TYPE_CHECKING:
    from exercise.session.client import Hosted
    from exercise.tui.app import ExerciseApp

__all__ = ["Keeper"]

Kept = TypeVar("Kept")
_LONGEST_KEY = 200


class Keeper:
    """What of the app's drafts the hub has, so that only what has changed is sent."""

    def __init__(self, hosted: Hosted) -> None:
        self._hosted = hosted
        self._sent: dict[str, str] = {}

    def restore(self, key: str, make: Callable[[], Kept]) -> Kept:
        """What was kept under a key, or a new one; a text that is no such thing is as good as none."""
        fresh = make()
        text = self._hosted.kept(key)
        if not text:
            return fresh
        try:
            # What comes back was cleaned by nobody, and an escape may hide in a JSON string.
            found: Kept = _adapter(type(fresh)).validate_python(_cleaned(json.loads(text)))
        except (ValueError, ValidationError, RecursionError):
            return fresh
        self._sent[key] = text
        return found

    def sync(self, app: ExerciseApp, session: str) -> None:
        """Send what has changed, and have forgotten what was sent off or thrown away."""
        found = _texts(app, session)
        now = {key: text for key, text in found if len(text) <= LONGEST_KEPT and len(key) <= _LONGEST_KEY}
        for key, text in now.items():
            if self._sent.get(key) != text:
                self._hosted.keep(key, text)
        for key in self._sent.keys() - now.keys():
            self._hosted.keep(key, "")
        self._sent = now


def _texts(app: ExerciseApp, session: str) -> list[tuple[str, str]]:
    """Everything half-written in this session, as JSON; what nothing was written in yet is left out."""
    found: list[tuple[str, Any]] = []
    found += [(draft_key(seat, what), draft) for (of, seat, what), draft in app.drafts.items() if of == session]
    found += [(request_key(team, what), it) for (of, team, what), it in app.request_drafts.items() if of == session]
    found += [(f"words|{seat}|{to}", words) for (of, seat, to), words in app.words.items() if of == session]
    found += [(f"heard|{seat}", heard) for (of, seat), heard in app.heard.items() if of == session]
    found += [(f"looked|{seat}", looked) for (of, seat), looked in app.looked.items() if of == session]
    return [(key, _adapter(type(it)).dump_json(it).decode()) for key, it in found if it != type(it)()]


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {dict: TypeAdapter(dict[str, int])}
"""Made once for each kind of draft, since making one takes longer than all that is done with it."""


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _cleaned(data: Any) -> Any:
    match data:
        case str():
            return clean_text(data)
        case list():
            return [_cleaned(item) for item in data]
        case dict():
            return {clean_text(key): _cleaned(item) for key, item in data.items()}
        case _:
            return data
