"""How bots ask and answer: policies over a team's board, the matters it can raise and its directory.

Each policy is a pure function of what the team sees. None knows what a matter will bring, nor that an entry of the
directory is out of date before it has been tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from operator import itemgetter

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
from exercise.session.letter_words import Holders, Words, holders_of

__all__ = ["Holders", "Looked", "cooperative", "drawn", "holders_of", "look", "self_interested"]

HOURS_TO_ANSWER = 4
LEAST_NAME = 4
"""Letters of a name that does not stand in a text by chance."""
PACE = 900
"""Seconds of play in which a team raises one matter: more would be beyond a room of people."""
HASTE = PACE // 2
"""The same where a scenario is explored and no people are beside: with fewer letters much would never be tried."""
FIRMS = "operator-hotline"
PUBLIC = ("press", "parliament")
"""Channels to those who are told, rather than asked."""
OFFICIAL = frozenset({"osce-contact", "osce-network", "foreign-ministry", "un-directory", "contact-24-7"})
"""Channels by which States are reached: whoever answers by one can speak for a State, or for many."""


class _Desk:
    """What a policy looks things up in."""

    def __init__(self, view: CorrespondenceView, holders: Holders) -> None:
        self.view = view
        self.holders = holders
        self.deadline = view.clock.exercise + HOURS_TO_ANSWER * 3600
        self.kinds = view.kinds
        self.words = Words(view, holders)
        self.open = [request for request in view.requests if not request.over]
        """Those of which something may still come; most of a long board is over."""

    @property
    def lines(self) -> list[ContactView]:
        """The entries that take requests and are not known to be dead."""
        return [contact for contact in self.view.contacts if contact.via and contact.stands != "dead"]

    @cached_property
    def about(self) -> Mapping[tuple[str, str], list[LetterView]]:
        """The team's board by matter and kind."""
        found: dict[tuple[str, str], list[LetterView]] = {}
        for request in self.view.requests:
            found.setdefault((request.matter_id, request.kind), []).append(request)
        return found

    def fit(self, kind: KindView) -> list[ContactView]:
        """Entries by whose channel this kind can go, the best channel first; those known to be dead are left out."""
        directory, kept = self.view.contacts, self.holders.fit
        known = kept.get(self.view.team)
        if known is None or known[0] is not directory:
            known = kept[self.view.team] = (directory, {})
        found = known[1].get(kind.channels)
        if found is None:
            standing = [contact for contact in directory if contact.stands != "dead"]
            found = [contact for id, _ in kind.channels for contact in standing if contact.via == id]
            known[1][kind.channels] = found
        return found

    @cached_property
    def official(self) -> frozenset[str]:
        """Parties that can speak of what lies between States."""
        return frozenset(contact.party_id for contact in self.view.contacts if contact.via in OFFICIAL)

    def asked_of(self, kind: KindView, matter: MatterView) -> list[ContactView]:
        """Entries to ask about a matter, the likeliest first: its holder's, or whoever it names; States in talks."""
        holder, contacts = self.holder(matter), self.fit(kind)
        if holder:
            return [contact for contact in contacts if contact.party_id == holder]
        if kind.lifts:
            return self._bound(contacts, matter)
        if kind.purpose in ("policy", "public"):
            contacts = [contact for contact in contacts if contact.party_id in self.official] or contacts
        elif kind.channels[0][0] != FIRMS:
            return contacts
        return sorted(contacts, key=lambda contact: not _names(f"{matter.title} {matter.text}", contact.party))

    def _bound(self, contacts: list[ContactView], matter: MatterView) -> list[ContactView]:
        """Entries of those under whose conditions the team holds something: of the matter itself, or named in it."""
        subject = self.holders.subject.get(matter.id, "")

        def far(contact: ContactView) -> tuple[bool, bool]:
            return subject not in self.bound_by(contact.party), not _names(matter.title, contact.party)

        return sorted((contact for contact in contacts if self.bound_by(contact.party)), key=far)

    def bound_by(self, party: str) -> tuple[str, ...]:
        """The evidence that the team holds under conditions of a party."""
        return tuple(piece.id for piece in self.view.evidence if piece.handling is not None and piece.giver == party)

    def holder(self, matter: MatterView) -> str:
        """Who holds what a matter is about; '' where nobody in particular does."""
        return self.holders.holder.get(matter.id, "")

    def sent(self, matter: MatterView, kind: str, party: str | None = None) -> list[LetterView]:
        """What has been sent about a matter by a kind, to a party or to anyone, and did not fail."""
        letters = self.about.get((matter.id, kind))
        if letters is None:
            return []
        failed = Step.FAILED
        return [
            request
            for request in letters
            if not request.incoming and party in (None, request.other_id) and request.status != failed
        ]

    def base(self, request: LetterView) -> dict[str, object]:
        """What every command about a request says."""
        view = self.view
        return {"seat": view.team, "play": view.clock.play, "request": request.number, "revision": request.revision}

    def lacking(self, request: LetterView) -> list[str]:
        """Names of the elements that are missing in a request."""
        kind = self.kinds.get(request.kind)
        names = {element.id: element.name for element in kind.elements} if kind else {}
        return [names.get(id, id) for id in request.missing]

    def mended(self, request: LetterView) -> Command:
        """What is missing in a request of the team's own, in the words that it would have sent.

        Where nothing is, for it was asked back in words alone, all that there is to say is said once more.
        """
        kind = self.kinds.get(request.kind)
        whole = self.words.content(kind, request.matter_id, request.other_id) if kind else {}
        content = {id: whole.get(id) or f"{id}: {phrases.ALL_NOW[0]}" for id in request.missing or whole}
        return MendRequest.unchecked(**self.base(request), content=content)

    def send(
        self,
        kind: KindView,
        contact: ContactView,
        matter: MatterView | None,
        encloses: tuple[str, ...] = (),
        **more: object,
    ) -> Command:
        """A whole request about a matter, or about nothing in particular, by an entry of the directory."""
        data: dict[str, object] = {
            "seat": self.view.team,
            "play": self.view.clock.play,
            "kind": kind.id,
            "contact": contact.number,
            "matter": matter.id if matter else None,
            "basis": kind.basis[:3],
            "content": self.words.content(kind, matter.id if matter else "", contact.party_id, encloses),
            "encloses": encloses,
            "urgent": kind.volatile,
            "deadline": self.deadline if kind.shape == "asks" else None,
        }
        return SendRequest.unchecked(**data | more)


def cooperative(view: CorrespondenceView, holders: Holders) -> tuple[Command, ...]:
    """Raises what it can with whoever holds it, tells partners, answers fully and in time, and keeps conditions."""
    desk = _Desk(view, holders)
    return tuple(_helpful_answers(desk)) or _raised(desk)


def _helpful_answers(desk: _Desk) -> Iterator[Command]:
    for request in desk.open:
        if "take-conditions" in request.may:
            yield TakeConditions.unchecked(**desk.base(request), accept=True, text=desk.words.conditions(request))
        elif "answer" in request.may and request.missing:
            text = desk.words.asks_back(request, desk.lacking(request))
            back = {"answer": "ask-back", "missing": request.missing, "text": text}
            yield AnswerRequest.unchecked(**desk.base(request), **back)
        elif "answer" in request.may:
            kind = desk.kinds.get(request.kind)
            days = max(90, kind.least_days) if kind and kind.least_days else None
            yes = {"answer": "accept", "text": desk.words.accepts(request, days), "days": days}
            yield AnswerRequest.unchecked(**desk.base(request), **yes)
        elif "mend" in request.may and request.status == Step.ASKED_BACK:
            yield desk.mended(request)
        elif "fulfil" in request.may:
            order = _order_first(desk, request)
            if order is not None:
                yield order
            elif not _order_pending(desk):
                yield FulfilRequest.unchecked(**desk.base(request), text=desk.words.fulfils(request))
        elif request.incoming and (order := _order_first(desk, request)) is not None:
            yield order


def _order_first(desk: _Desk, request: LetterView) -> Command | None:
    """The request to a judge that comes before a coercive measure for a partner, where it has not been made."""
    kind, order = desk.kinds.get(request.kind), desk.kinds.get("judicial-order")
    if order is None or kind is None or not kind.coercive:
        return None
    subject = desk.holders.subject
    matters = [matter for matter in desk.view.matters if order.id in matter.kinds]
    matters.sort(key=lambda matter: subject.get(matter.id) != subject.get(request.matter_id))
    contacts = desk.asked_of(order, matters[0]) if matters else desk.fit(order)
    asked = (r for r in desk.view.requests if not r.incoming and r.kind == order.id and r.status != Step.FAILED)
    if not contacts or any(r.matter_id == (matters[0].id if matters else "") for r in asked):
        return None
    return desk.send(order, contacts[0], matters[0] if matters else None)


def _order_pending(desk: _Desk) -> bool:
    return any(not r.incoming and r.kind == "judicial-order" for r in desk.open)


def _raised(desk: _Desk) -> tuple[Command, ...]:
    """What a helpful team sends next: the newest matter first, one kind after another, one matter at a time."""
    if not _may_raise(desk, beside="judicial-order"):
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


def _may_raise(desk: _Desk, beside: str = "", pace: int = PACE) -> bool:
    """Whether the team has raised nothing yet in this stretch of its pace, but for requests of a kind."""
    own = (r for r in reversed(desk.view.requests) if not r.incoming and r.kind != beside)
    newest = next(own, None)
    return newest is None or newest.play // pace != desk.view.clock.play // pace


def _asked(desk: _Desk, kind: KindView, matter: MatterView) -> Command | None:
    contacts = desk.asked_of(kind, matter)
    if contacts:
        return desk.send(kind, contacts[0], matter, desk.bound_by(contacts[0].party) if kind.lifts else ())
    return _put_right(desk, desk.holder(matter))


def _names(text: str, party: str) -> bool:
    """Whether a text names a party, if only by the first word of its name."""
    first = party.partition(" ")[0].strip(",")
    return len(first) >= LEAST_NAME and first in text


def _put_right(desk: _Desk, party: str) -> Command | None:
    """A question for the right contact, where every entry of a party that would do has turned out dead."""
    kind = desk.kinds.get("contact-data")
    dead = any(contact.party_id == party and contact.stands == "dead" for contact in desk.view.contacts)
    if kind is None or not dead or any(r.kind == kind.id and r.other_id == party for r in desk.view.requests):
        return None
    contact = next((contact for contact in desk.fit(kind) if contact.party_id == party), None)
    return desk.send(kind, contact, None) if contact else None


_TO_ALL = Handling(tlp=Tlp.CLEAR, purpose=Purpose.ANY)
_AMONG_US = Handling(tlp=Tlp.GREEN, purpose=Purpose.ANY)


def _hearers(desk: _Desk, kind: KindView, matter: MatterView) -> list[ContactView]:
    """Every partner team and whoever the matter names, or the one desk that such a telling is for.

    A call goes to whoever holds the matter or is named in it, and what is for the public to where the public reads.
    """
    fit, holder = desk.fit(kind), desk.holder(matter)
    if kind.shape != "calls" and kind.channels[0][0] in PUBLIC:
        return fit[:1]
    held = [contact for contact in fit if contact.party_id == holder]
    others = {contact.party_id: contact for contact in reversed(fit) if contact.party_id != holder}
    named = {id for id, contact in others.items() if _names(matter.title, contact.party)}
    if kind.shape == "calls" and (held or named):
        return held[:1] + [others[id] for id in others if id in named]
    heard = (desk.holders.teams - {desk.view.team}) | named
    contacts = [contact for id, contact in others.items() if id in heard]
    return contacts or ((fit if kind.shape == "calls" else held or fit)[:1])


def _told(desk: _Desk, kind: KindView, matter: MatterView) -> Iterator[Command]:
    """A telling to each of those who are to hear of a matter, unless it has been sent to them."""
    subject = desk.holders.subject.get(matter.id, "")
    free: tuple[str, ...] | None = None
    for contact in _hearers(desk, kind, matter):
        if not desk.sent(matter, kind.id, contact.party_id):
            if free is None:
                free = tuple([one.id for one in desk.view.evidence if one.handling is None and one.id == subject])
            handling = _TO_ALL if contact.via in PUBLIC else _AMONG_US
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
            refusal = {"answer": "refuse", "ground": ground, "text": desk.words.refuses(request, ground)}
            commands.append(AnswerRequest.unchecked(**base, **refusal))
        elif "take-conditions" in request.may:
            commands.append(TakeConditions.unchecked(**base, accept=True))
        elif "mend" in request.may and request.status == Step.ASKED_BACK:
            commands.append(desk.mended(request))
    if _may_raise(desk):
        letters = (_asked(desk, kind, matter) for kind, matter in _to_ask(desk))
        commands.extend(islice(filter(None, letters), 1))
    return tuple(commands)


def _to_ask(desk: _Desk) -> Iterator[tuple[KindView, MatterView]]:
    """What others hold that the team has not asked for yet, with the first kind of request that asks for it."""
    holder, team, failed = desk.holders.holder, desk.view.team, Step.FAILED
    asked = {(r.matter_id, r.kind) for r in desk.view.requests if not r.incoming and r.status != failed}
    for matter in desk.view.matters:
        if holder.get(matter.id, "") in ("", team):
            continue
        for id in matter.kinds:
            kind = desk.kinds.get(id)
            if kind is not None and kind.shape == "asks":
                if (matter.id, id) not in asked:
                    yield kind, matter
                break


@dataclass(frozen=True, slots=True)
class Looked:
    """How a team's correspondence stood when its bot last looked: while it stays so, there is nothing new to do."""

    time: int
    """In which stretch of the team's pace."""
    known: tuple[Matter, ...]
    letters: Letters
    waiting: tuple[tuple[int, int, tuple[str, ...]], ...]
    """Number, revision and what may be done, of each request that was not over."""


def look(scenario: Scenario, state: State, team: str, last: Looked | None) -> Looked | None:
    """How a team's correspondence stands, or None where nothing is new since it was last looked at."""
    time = state.clock.play // PACE
    known = matters_for(scenario, state, team)
    letters = letters_of(scenario, state, team, last.letters if last else None)
    same = last is not None and known is last.known and time == last.time
    if last is not None and same and letters is last.letters:
        return None
    open_now = [letters.shown[place] for place, _ in letters.open]
    waiting = tuple([(letter.number, letter.revision, letter.may) for letter in open_now])
    if last is not None and same and waiting == last.waiting and len(letters.shown) == len(last.letters.shown):
        return None
    return Looked(time, known, letters, waiting)


def drawn(view: CorrespondenceView, holders: Holders, seed: int, pace: int = PACE) -> tuple[Command, ...]:
    """Asks and answers at random, the same for the same seed and the same board; raises one matter in each `pace`."""
    desk = _Desk(view, holders)
    commands: list[Command] = []
    for request in desk.open:
        base = desk.base(request)
        draw = _draw(seed, view.team, "answer", request.number, request.revision)
        if "take-conditions" in request.may:
            commands.append(TakeConditions.unchecked(**base, accept=draw % 4 > 0))
        elif "answer" in request.may:
            commands.append(AnswerRequest.unchecked(**base, **_any_answer(desk, request, draw)))
        elif "mend" in request.may and request.status == Step.ASKED_BACK and draw % 2:
            commands.append(desk.mended(request))
        elif "fulfil" in request.may and draw % 3:
            commands.append(FulfilRequest.unchecked(**base))
    letter = _any_letter(desk, seed) if _may_raise(desk, pace=pace) else None
    return tuple(commands) if letter is None else (*commands, letter)


def _any_letter(desk: _Desk, seed: int) -> Command | None:
    """One of about half of all that could be raised and has not been, by any entry that takes requests, fit or not."""
    raised = {(request.matter_id, request.kind) for request in desk.view.requests}
    left = [
        (draw, matter, kind)
        for matter in desk.view.matters
        for id, draw in _to_raise(seed, desk.view.team, matter.id, matter.kinds)
        if (matter.id, id) not in raised and (kind := desk.kinds.get(id)) is not None
    ]
    for draw, matter, kind in sorted(left, key=itemgetter(0)):
        contacts = desk.fit(kind) if draw % 8 else desk.lines
        if contacts:
            contact = contacts[draw % len(contacts)]
            content = desk.words.content(kind, matter.id, contact.party_id)
            if draw % 3 == 0 and content:
                del content[sorted(content)[draw % len(content)]]
            return desk.send(kind, contact, matter, content=content, urgent=draw % 5 == 0, basis=())
    return None


_AMBER = Handling(tlp=Tlp.AMBER)


def _any_answer(desk: _Desk, request: LetterView, draw: int) -> dict[str, object]:
    kind = desk.kinds.get(request.kind)
    grounds = kind.grounds if kind else ()
    words = phrases.ALL_NOW[0]
    match draw % 5:
        case 0:
            return {"answer": "refuse", "ground": grounds[draw % len(grounds)][0] if grounds else "", "text": words}
        case 1:
            return {"answer": "part", "text": words}
        case 2:
            return {"answer": "conditional", "text": words, "conditions": _AMBER}
        case 3 if request.missing:
            return {"answer": "ask-back", "missing": request.missing, "text": words}
        case _:
            return {"answer": "accept", "text": words, "days": 30 + draw % 90}


@lru_cache(maxsize=4_096)  # What is not raised is drawn for again at every look.
def _to_raise(seed: int, team: str, matter: str, kinds: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """The kinds by which a matter is raised, about half of them, each with its draw."""
    draws = [(id, _draw(seed, team, matter, id, 0)) for id in kinds]
    return tuple([(id, draw) for id, draw in draws if draw % 2 == 0])


@lru_cache(maxsize=4_096)
def _draw(seed: int, *parts: str | int) -> int:
    text = ":".join(map(str, (seed, *parts)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
