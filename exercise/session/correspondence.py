"""How bots ask and answer: policies over a team's board, the matters it can raise and its directory.

Each policy is a pure function of what the team sees. None knows what a matter will bring, nor that an entry of the
directory is out of date before it has been tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import is_

from exercise.core.commands import Command
from exercise.core.requests import phrases
from exercise.core.requests.commands import (
    AnswerRequest,
    FulfilRequest,
    MendRequest,
    SendRequest,
    TakeConditions,
)
from exercise.core.requests.kinds import Handling, Purpose, Step, Tlp
from exercise.core.requests.known import matters_for
from exercise.core.requests.matters import Matter
from exercise.core.requests.observe import Letters, letters_of
from exercise.core.requests.views import KindView, LetterView, MatterView
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.views import ContactView, CorrespondenceView


@dataclass(frozen=True, slots=True)
class Holders:
    """The declared table of a scenario's matters, as a keen reader might guess it; nothing in it depends on facts."""

    holder: Mapping[str, str] = field(default_factory=dict)
    """Who holds what a matter is about; left out where nobody in particular does."""
    subject: Mapping[str, str] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()


HOURS_TO_ANSWER = 4
PACE = 900
"""Seconds of play in which a team raises one matter: more would be beyond a room of people."""
PUBLIC = ("press", "parliament")
"""Channels to those who are told, rather than asked."""


class _Desk:
    """What a policy looks things up in."""

    def __init__(self, view: CorrespondenceView, holders: Holders) -> None:
        self.view = view
        self.holders = holders
        self.teams = holders.teams - {view.team}
        self.deadline = view.clock.exercise + HOURS_TO_ANSWER * 3600
        self.open = [request for request in view.requests if not request.over]
        """Those of which something may still come; most of a long board is over."""

    @cached_property
    def kinds(self) -> Mapping[str, KindView]:
        """What the team's lines can carry, by id."""
        return {kind.id: kind for kind in self.view.kinds}

    @cached_property
    def standing(self) -> Mapping[str, list[ContactView]]:
        """The entries that are not known to be dead, by channel."""
        found: dict[str, list[ContactView]] = {}
        for contact in self.view.contacts:
            if contact.stands != "dead":
                found.setdefault(contact.via, []).append(contact)
        return found

    @cached_property
    def about(self) -> Mapping[tuple[str, str], list[LetterView]]:
        """The team's board by matter and kind."""
        found: dict[tuple[str, str], list[LetterView]] = {}
        for request in self.view.requests:
            found.setdefault((request.matter_id, request.kind), []).append(request)
        return found

    def fit(self, kind: KindView) -> list[ContactView]:
        """Entries by whose channel this kind can go, the best channel first; those known to be dead are left out."""
        return [contact for id, _ in kind.channels for contact in self.standing.get(id, ())]

    def holder(self, matter: MatterView) -> str:
        """Who holds what a matter is about; '' where nobody in particular does."""
        return self.holders.holder.get(matter.id, "")

    def sent(self, matter: MatterView, kind: str, party: str | None = None) -> list[LetterView]:
        """What has been sent about a matter by a kind, to a party or to anyone, and did not fail."""
        return [
            request
            for request in self.about.get((matter.id, kind), ())
            if not request.incoming and party in (None, request.other_id) and request.status != Step.FAILED
        ]

    def content(self, kind: KindView) -> dict[str, str]:
        """Words for every element, each its own."""
        return {element.id: f"{element.name}: {phrases.ON_FILE}" for element in kind.elements}

    def base(self, request: LetterView) -> dict[str, object]:
        """What every command about a request says."""
        view = self.view
        return {"seat": view.team, "play": view.clock.play, "request": request.number, "revision": request.revision}

    def names(self, request: LetterView) -> dict[str, str]:
        """Names of the elements that are missing in a request."""
        kind = self.kinds.get(request.kind)
        names = {element.id: element.name for element in kind.elements} if kind else {}
        return {id: names.get(id, id) for id in request.missing}

    def send(self, kind: KindView, contact: ContactView, matter: MatterView | None, **more: object) -> Command:
        data: dict[str, object] = {
            "seat": self.view.team,
            "play": self.view.clock.play,
            "kind": kind.id,
            "contact": contact.number,
            "matter": matter.id if matter else None,
            "basis": kind.basis[:3],
            "content": self.content(kind),
            "urgent": kind.volatile,
            "deadline": self.deadline if kind.shape == "asks" else None,
        }
        return SendRequest.model_validate(data | more)


def cooperative(view: CorrespondenceView, holders: Holders) -> tuple[Command, ...]:
    """Raises what it can with whoever holds it, tells partners, answers fully and in time, and keeps conditions."""
    desk = _Desk(view, holders)
    return tuple(_helpful_answers(desk)) or _raised(desk)


def _helpful_answers(desk: _Desk) -> Iterator[Command]:
    for request in desk.open:
        if "take-conditions" in request.may:
            yield TakeConditions.model_validate(desk.base(request) | {"accept": True, "text": phrases.ACCEPT})
        elif "answer" in request.may and request.missing:
            names = desk.names(request)
            text = f"{phrases.READY}: {', '.join(names.values())}."
            back = {"answer": "ask-back", "missing": request.missing, "text": text}
            yield AnswerRequest.model_validate(desk.base(request) | back)
        elif "answer" in request.may:
            kind = desk.kinds.get(request.kind)
            days = max(90, kind.least_days) if kind and kind.least_days else None
            yes = {"answer": "accept", "text": phrases.TAKEN_ON, "days": days}
            yield AnswerRequest.model_validate(desk.base(request) | yes)
        elif "mend" in request.may and request.status == Step.ASKED_BACK:
            words = {id: f"{name}: {phrases.STATED}" for id, name in desk.names(request).items()}
            yield MendRequest.model_validate(desk.base(request) | {"content": words})
        elif "fulfil" in request.may:
            order = _order_first(desk, request)
            if order is not None:
                yield order
            elif not _order_pending(desk):
                yield FulfilRequest.model_validate(desk.base(request) | {"text": phrases.DONE})
        elif request.incoming and (order := _order_first(desk, request)) is not None:
            yield order


def _order_first(desk: _Desk, request: LetterView) -> Command | None:
    """The request to a judge that comes before a coercive measure for a partner, where it has not been made."""
    kind, order = desk.kinds.get(request.kind), desk.kinds.get("judicial-order")
    if order is None or kind is None or not kind.coercive:
        return None
    for contact in desk.fit(order):
        matter = next((m for m in desk.view.matters if order.id in m.kinds), None)
        asked = [r for r in desk.view.requests if not r.incoming and r.kind == order.id and r.status != Step.FAILED]
        if not asked:
            return desk.send(order, contact, matter)
    return None


def _order_pending(desk: _Desk) -> bool:
    return any(not r.incoming and r.kind == "judicial-order" for r in desk.open)


def _raised(desk: _Desk) -> tuple[Command, ...]:
    """What a helpful team sends next: the newest matter first, one kind after another, one matter at a time."""
    own = (r for r in reversed(desk.view.requests) if not r.incoming and r.kind != "judicial-order")
    newest = next(own, None)
    if newest is not None and newest.play // PACE == desk.view.clock.play // PACE:
        return ()
    for matter in reversed(desk.view.matters):
        for id in matter.kinds:
            kind = desk.kinds.get(id)
            if kind is None:
                continue
            if kind.shape != "asks":
                if letters := tuple(_told(desk, kind, matter)):
                    return letters
                continue
            sent = desk.sent(matter, id)
            if any(not request.over for request in sent):
                break  # One step after another: data are kept before they are asked for.
            if not sent and (command := _asked(desk, kind, matter)) is not None:
                return (command,)
    return ()


def _asked(desk: _Desk, kind: KindView, matter: MatterView) -> Command | None:
    contacts = [contact for contact in desk.fit(kind) if desk.holder(matter) in ("", contact.party_id)]
    if contacts:
        return desk.send(kind, contacts[0], matter)
    return _put_right(desk, desk.holder(matter))


def _put_right(desk: _Desk, party: str) -> Command | None:
    """A question for the right contact, where every entry of a party that would do has turned out dead."""
    kind = desk.kinds.get("contact-data")
    dead = any(contact.party_id == party and contact.stands == "dead" for contact in desk.view.contacts)
    if kind is None or not dead or any(r.kind == kind.id and r.other_id == party for r in desk.view.requests):
        return None
    contact = next((contact for contact in desk.fit(kind) if contact.party_id == party), None)
    return desk.send(kind, contact, None) if contact else None


def _told(desk: _Desk, kind: KindView, matter: MatterView) -> Iterator[Command]:
    """A telling to every partner team, or to the one desk that such a telling is for where it is for no team."""
    contacts = [contact for contact in desk.fit(kind) if contact.party_id != desk.holder(matter)]
    partners = {contact.party_id: contact for contact in reversed(contacts) if contact.party_id in desk.teams}
    subject = desk.holders.subject.get(matter.id, "")
    free = tuple(piece.id for piece in desk.view.evidence if piece.handling is None and piece.id == subject)
    for contact in partners.values() or contacts[:1]:
        if not desk.sent(matter, kind.id, contact.party_id):
            handling = Handling(tlp=Tlp.CLEAR if contact.via in PUBLIC else Tlp.GREEN, purpose=Purpose.ANY)
            yield desk.send(kind, contact, matter, encloses=free, handling=handling)


def self_interested(view: CorrespondenceView, holders: Holders) -> tuple[Command, ...]:
    """Asks for what helps itself, gives nothing unasked, and turns others down in few words."""
    desk = _Desk(view, holders)
    commands: list[Command] = []
    for request in desk.open:
        base = desk.base(request)
        if "answer" in request.may:
            kind = desk.kinds.get(request.kind)
            ground = kind.grounds[-1][0] if kind and kind.grounds else ""
            refusal = {"answer": "refuse", "ground": ground, "text": phrases.NOT_NOW}
            commands.append(AnswerRequest.model_validate(base | refusal))
        elif "take-conditions" in request.may:
            commands.append(TakeConditions.model_validate(base | {"accept": True}))
        elif "mend" in request.may and request.status == Step.ASKED_BACK:
            words = {id: f"{name}: {phrases.LETTER}" for id, name in desk.names(request).items()}
            commands.append(MendRequest.model_validate(base | {"content": words}))
    asking = (matter for matter in view.matters if desk.holder(matter) not in ("", view.team))
    for matter in asking:
        kinds = [kind for id in matter.kinds if (kind := desk.kinds.get(id)) and kind.shape == "asks"]
        if kinds and not desk.sent(matter, kinds[0].id):
            command = _asked(desk, kinds[0], matter)
            if command is not None:
                commands.append(command)
                break
    return tuple(commands)


@dataclass(frozen=True, slots=True)
class Looked:
    """How a team's correspondence stood when its bot last looked: while it stays so, there is nothing new to do."""

    moved: tuple[object, ...]
    """What a team's board and matters depend on; a state shares with the one before it whatever did not change."""
    stands: tuple[object, ...]
    known: tuple[Matter, ...]
    letters: Letters


def look(scenario: Scenario, state: State, team: str, last: Looked | None) -> Looked | None:
    """How a team's correspondence stands, or None where nothing is new since it was last looked at."""
    time = state.clock.play // PACE
    moved = (state.requests, state.released, state.flags, state.knowledge, state.decisions, state.acts, time)
    if last is not None and all(map(is_, moved, last.moved)):
        return None
    letters = letters_of(scenario, state, team, last.letters if last else None)
    known = matters_for(scenario, state, team)
    if last is not None and letters is last.letters and known is last.known and time == last.moved[-1]:
        return None
    open_now = [letters.shown[place] for place, _ in letters.open]
    waiting = tuple([(letter.number, letter.revision, letter.may) for letter in open_now])
    stands = (len(letters.shown), waiting, tuple(matter.id for matter in known), time)
    return None if last is not None and stands == last.stands else Looked(moved, stands, known, letters)


def holders_of(scenario: Scenario) -> Holders:
    """The declared table of a scenario's matters."""
    return Holders(
        holder={matter.id: matter.holder for matter in scenario.matters if matter.holder},
        subject={matter.id: matter.subject for matter in scenario.matters},
        teams=frozenset(scenario.teams_by_id),
    )


def drawn(view: CorrespondenceView, holders: Holders, seed: int) -> tuple[Command, ...]:
    """Asks and answers at random, the same for the same seed and the same board."""
    desk = _Desk(view, holders)
    commands: list[Command] = []
    for request in desk.open:
        base = desk.base(request)
        draw = _draw(seed, view.team, "answer", request.number, request.revision)
        if "take-conditions" in request.may:
            commands.append(TakeConditions.model_validate(base | {"accept": draw % 4 > 0}))
        elif "answer" in request.may:
            commands.append(AnswerRequest.model_validate(base | _any_answer(desk, request, draw)))
        elif "mend" in request.may and request.status == Step.ASKED_BACK and draw % 2:
            words = {id: f"{name}: as asked, number {draw % 97}." for id, name in desk.names(request).items()}
            commands.append(MendRequest.model_validate(base | {"content": words}))
        elif "fulfil" in request.may and draw % 3:
            commands.append(FulfilRequest.model_validate(base))
    for matter in view.matters:
        for id in matter.kinds:
            kind = desk.kinds.get(id)
            if kind is None or (matter.id, id) in desk.about:
                continue
            draw = _draw(seed, view.team, matter.id, id, 0)
            # About half of what could be raised is, once; by any entry that takes requests, fit for it or not.
            if draw % 2:
                continue
            open_lines = [contact for contact in view.contacts if contact.via and contact.stands != "dead"]
            contacts = desk.fit(kind) if draw % 8 else open_lines
            if contacts:
                content = desk.content(kind)
                if draw % 3 == 0 and content:
                    del content[sorted(content)[draw % len(content)]]
                contact = contacts[draw % len(contacts)]
                commands.append(desk.send(kind, contact, matter, content=content, urgent=draw % 5 == 0, basis=()))
    return tuple(commands)


def _any_answer(desk: _Desk, request: LetterView, draw: int) -> dict[str, object]:
    kind = desk.kinds.get(request.kind)
    grounds = kind.grounds if kind else ()
    words = phrases.ALL_NOW
    match draw % 5:
        case 0:
            return {"answer": "refuse", "ground": grounds[draw % len(grounds)][0] if grounds else "", "text": words}
        case 1:
            return {"answer": "part", "text": words}
        case 2:
            return {"answer": "conditional", "text": words, "conditions": {"tlp": "amber"}}
        case 3 if request.missing:
            return {"answer": "ask-back", "missing": request.missing, "text": words}
        case _:
            return {"answer": "accept", "text": words, "days": 30 + draw % 90}


@lru_cache(maxsize=4_096)  # What is not raised is drawn for again at every look.
def _draw(seed: int, *parts: str | int) -> int:
    text = ":".join(map(str, (seed, *parts)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
