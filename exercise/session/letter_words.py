"""What bots write in requests and answers: the sentences of a kind, with names and matters put in as the team knows
them.

A room that plays with bots reads these for two hours, so that each says what such a service would, and no more than
the team may know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from exercise.core.requests import phrases
from exercise.core.requests.kinds import RequestKind
from exercise.core.requests.views import KindView, LetterView
from exercise.core.scenario import Scenario
from exercise.core.views import ContactView, CorrespondenceView

Directory = tuple[ContactView, ...]
Fit = dict[tuple[tuple[str, str], ...], list[ContactView]]
"""Entries of a directory by the channels that are fit for a kind of request."""

Roles = tuple[tuple[str, str], ...]
"""Id and name of a team's roles, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The declared table of a scenario's matters, as a keen reader might guess it; nothing in it depends on facts."""

    holder: Mapping[str, str] = field(default_factory=dict)
    """Who holds what a matter is about; left out where nobody in particular does."""
    subject: Mapping[str, str] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of matters."""
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Titles of what a matter's holder has to hand over."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of teams and actors."""
    roles: Mapping[str, Roles] = field(default_factory=dict)
    """Of teams."""
    kinds: Mapping[str, RequestKind] = field(default_factory=dict)
    written: dict[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)
    """What requests say, by what decides it: run after run a team puts the same matter to the same party."""
    said: dict[tuple[object, ...], str] = field(default_factory=dict)
    """The same of answers."""
    fit: dict[str, tuple[Directory, Fit]] = field(default_factory=dict)
    """By team, its directory as it last was, and which of its entries are fit for what; most views have the same."""


def holders_of(scenario: Scenario) -> Holders:
    """The declared table of a scenario's matters, made once."""
    found: Holders | None = scenario.__dict__.get("_holders")
    if found is None:
        evidence = scenario.evidence_by_id
        found = scenario.__dict__["_holders"] = Holders(
            holder={matter.id: matter.holder for matter in scenario.matters if matter.holder},
            subject={matter.id: matter.subject for matter in scenario.matters},
            teams=frozenset(scenario.teams_by_id),
            titles={matter.id: matter.title for matter in scenario.matters},
            gives={
                matter.id: tuple(evidence[id].title for id in matter.gives if id in evidence)
                for matter in scenario.matters
            },
            names=scenario.names,
            roles={team.id: tuple((role.id, role.name) for role in team.roles) for team in scenario.teams},
            kinds=scenario.kinds_by_id,
        )
    return found


LONGEST_RETOLD = 600
"""Characters of a matter's text that still read as part of a letter."""

_TO_US = re.compile(r"\b(you|your|yours)\b", re.IGNORECASE)
"""By which a text shows that it speaks to the team: what was said to us is not passed on in those words."""

_SEES_TO: Mapping[str, tuple[str, ...]] = {
    "investigation": ("polic", "prosecut", "directorate", "unit", "justice", "interior", "legal", "judge"),
    "defence": ("response", "cert", "centre", "security", "lab", "agency", "unit", "polic"),
    "policy": ("foreign", "government", "ministry", "head", "director"),
}
"""What the id of a role that sees to a purpose is likely to have in it, the likeliest first."""


@lru_cache(maxsize=1_024)  # A matter is raised by one kind after another, with one party after another.
def _retold(text: str) -> str:
    """A matter's text where it reads as part of a letter; '' where it is too long for that, or speaks to the team."""
    text = text.strip()
    return text if len(text) <= LONGEST_RETOLD and not _TO_US.search(text) else ""


@lru_cache(maxsize=1_024)
def _likely(purpose: str, roles: Roles) -> str | None:
    """The name of the role whose id says that it sees to a purpose."""
    return next((name for part in _SEES_TO.get(purpose, ()) for id, name in roles if part in id), None)


class Words:
    """What a team's bot writes, seeing what it sees."""

    def __init__(self, view: CorrespondenceView, holders: Holders) -> None:
        self._view = view
        self._table = holders

    def _known(self, matter: str) -> str:
        """What the team knows of a matter."""
        return next((known.text for known in self._view.matters if known.id == matter), "")

    def _slots(self, kind: str, name: str, matter: str, them: str, text: str) -> dict[str, str]:
        table, us = self._table, self._view.team
        holder, title, retold = table.holder.get(matter, ""), table.titles.get(matter) or name or kind, _retold(text)
        return {
            "us": table.names.get(us, us),
            "them": table.names.get(them, them),
            "role": self._role(kind),
            "title": title,
            "matter": retold,
            "facts": f"{title}{'' if title[-1:] in '.?!' else '.'} {retold}".strip(),
            "holder": table.names.get(holder, holder) if holder not in (us, them) else "",
        }

    def _role(self, kind: str) -> str:
        """The name of the role that sees to a kind of request, or the team's first, or the team's."""
        roles = self._table.roles.get(self._view.team, ())
        held = self._table.kinds.get(kind)
        found = _likely(held.purpose.value, roles) if held is not None else None
        return found or (roles[0][1] if roles else self._table.names.get(self._view.team, self._view.team))

    def content(self, kind: KindView, matter: str, to: str, encloses: Iterable[str] = ()) -> dict[str, str]:
        """Words for every element of a request, each its own."""
        titles = {piece.id: piece.title for piece in self._view.evidence}
        evidence, text = ", ".join([titles[id] for id in encloses if id in titles]), self._known(matter)
        decides = (self._view.team, kind.id, matter, to, text, evidence)
        written = self._table.written.get(decides)
        if written is None:
            slots = self._slots(kind.id, kind.name, matter, to, text) | {"evidence": evidence}
            known = self._table.kinds.get(kind.id)
            says = {element.id: element.says for element in known.elements} if known else {}
            written = self._table.written[decides] = {
                element.id: phrases.filled(says.get(element.id, ()), slots)
                or phrases.filled(phrases.ELEMENT, slots | {"element": element.name})
                for element in kind.elements
            }
        return dict(written)

    def accepts(self, request: LetterView, days: int | None = None) -> str:
        """What a team writes that takes a request on."""
        return self._answer(request, days=str(days or "")) or self._filled(phrases.ACCEPTS, request)

    def fulfils(self, request: LetterView) -> str:
        """What a team writes that has done what it took on, with what it hands over."""
        return self._answer(request, done=True) or self._filled(phrases.FULFILS, request)

    def refuses(self, request: LetterView, ground: str) -> str:
        """A curt no that names its ground and gives no reasons beyond."""
        known = self._table.kinds.get(request.kind)
        named = next((one for one in known.grounds if one.id == ground), None) if known else None
        if named is None:
            return phrases.NOT_NOW[0]
        return self._filled(named.says or phrases.REFUSES, request, ground=named.name)

    def conditions(self, request: LetterView) -> str:
        """What a team writes that accepts conditions."""
        return self._filled(phrases.CONDITIONS, request)

    def asks_back(self, request: LetterView, missing: Iterable[str]) -> str:
        """What a team writes that needs more first."""
        return self._filled(phrases.READY, request, missing=", ".join(missing))

    def _answer(self, request: LetterView, *, done: bool = False, days: str = "") -> str:
        known = self._table.kinds.get(request.kind)
        if known is None:
            return ""
        return self._filled(known.fulfils if done else known.accepts, request, days=days)

    def _filled(self, parts: tuple[str, ...], request: LetterView, **more: str) -> str:
        text = self._known(request.matter_id)
        about = (self._view.team, request.kind, request.matter_id, request.other_id, text)
        decides = (about, parts, tuple(more.items()))
        said = self._table.said.get(decides)
        if said is None:
            known = self._table.kinds.get(request.kind)
            name = known.name if known else ""
            slots = self._slots(request.kind, name, request.matter_id, request.other_id, text)
            if known is not None and known.hands_over and self._table.holder.get(request.matter_id) == self._view.team:
                slots["given"] = ", ".join(self._table.gives.get(request.matter_id, ()))
            said = self._table.said[decides] = phrases.filled(parts, slots | more)
        return said
