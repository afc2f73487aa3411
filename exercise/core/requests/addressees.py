"""Which entries of a directory fit what is to be asked or told, as far as the team itself can know it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from exercise.core.requests.views import KindView, MatterView
    from exercise.core.views import ContactView, ParticipantView

__all__ = ["Addressees", "addressees"]

_AT_HOME = frozenset({"operator-hotline", "court", "parliament", "press"})
"""Ways to bodies and firms, not to States: a kind that goes by no other is for those at home first."""

_ABROAD = "bc-32"
"""What rests on this article reaches across a border by its nature."""


class Addressees(NamedTuple):
    """A directory in the order in which to look at it for one request."""

    named: tuple[ContactView, ...]
    """Of the fitting ones, those that what the team knows of the matter names."""
    fitting: tuple[ContactView, ...]
    others: tuple[ContactView, ...]
    """What goes another way, and last what takes no requests."""


def addressees(view: ParticipantView, kind: KindView | None, matter: str | None = None) -> Addressees:
    """Sort a directory by what the team has read: who holds a thing in truth is not looked at, nor is it known here.

    `matter` is what the request is about, where that is chosen already; else all that fits the kind speaks.
    """
    ways = [id for id, _name in kind.channels] if kind is not None else []
    known = [m for m in view.matters if m.id == matter] or [m for m in view.matters if kind and kind.id in m.kinds]
    home = kind is not None and set(ways) <= _AT_HOME and _ABROAD not in kind.basis
    told = {name: f"{name} {about}" for name, about in view.briefing.others}
    states = {entry.party for entry in view.contacts if entry.via and entry.via not in _AT_HOME}

    def rank(entry: ContactView) -> tuple[int, bool, int, str, int]:
        said = f"{entry.name} {entry.party} {told.get(entry.party, '')}"
        own = _names(said, (view.team_short,))
        abroad = 0 if not home or own else 2 if _names(said, states) else 1
        way = ways.index(entry.via) if entry.via in ways else len(ways)
        return abroad, entry.stands == "dead", way, entry.party, entry.number

    order = sorted(view.contacts, key=rank)
    fit = [entry for entry in order if entry.via in ways]
    named = [entry for entry in fit if _speak_of(known, entry.party)]
    others = sorted((entry for entry in order if entry not in fit), key=lambda e: (not e.via, e.party, e.number))
    return Addressees(tuple(named), tuple(entry for entry in fit if entry not in named), tuple(others))


def _speak_of(matters: Iterable[MatterView], party: str) -> bool:
    return any(_names(f"{matter.title} {matter.text}", (party,)) for matter in matters)


def _names(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of some names as whole words."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names if name)
