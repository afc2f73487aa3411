"""How a steered team asks and answers: over many courses every matter, kind, addressee and answer has its turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import inf

from exercise.core.commands import Command
from exercise.core.requests.commands import (
    AcknowledgeRequest,
    AnswerRequest,
    FulfilRequest,
    MendRequest,
    SendRequest,
    TakeConditions,
    WithdrawRequest,
)
from exercise.core.requests.kinds import Handling, Purpose, Step, Tlp
from exercise.core.requests.views import KindView, LetterView
from exercise.core.scenario import Scenario
from exercise.core.views import ContactView, CorrespondenceView


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """A request that a course is to have, and how far it is to come."""

    by: str
    matter: str
    """Left empty where it is about nothing in particular."""
    kind: str
    to: str = ""
    """The party it goes to; left open where any will do."""
    came: str = Step.FULFILLED.value
    since: int = 0
    """Time of the story from which on it may be sent."""


_ANSWER_FOR = {
    Step.PART.value: "part",
    Step.CONDITIONAL.value: "conditional",
    Step.CONDITIONS_ACCEPTED.value: "conditional",
    Step.CONDITIONS_DECLINED.value: "conditional",
    Step.REFUSED.value: "refuse",
    Step.ASKED_BACK.value: "ask-back",
    Step.MENDED.value: "ask-back",
    Step.LAPSED.value: "",
    Step.WITHDRAWN.value: "",
}
"""The answer that brings a request to a step; every other step is come to by accepting."""

_BINDING = (Step.DELIVERED.value, Step.CONDITIONS_ACCEPTED.value, Step.CONDITIONS_DECLINED.value)
"""Steps for which what is given is given under conditions: an actor's desk has nothing to say to the rest."""

_TURNS = ("accept", "part", "refuse", "accept", "conditional", "")
"""The answers that have their turns; by the last a request is left to lapse."""

_ONE_IN = 3
"""Of what a team can ask in a course, it asks one in so many: more would be beyond a room of people."""

_FROM = (0.0, 0.0, 0.2, 0.4, 0.6, 0.8)
"""After which share of play a request is sent; what comes of it may depend on when it comes."""


@lru_cache(maxsize=65_536)  # What is not asked is drawn for again at every look.
def draw(*parts: str | int) -> int:
    """A number that hangs on these parts alone: any process draws the same, in any order."""
    return int.from_bytes(sha256(":".join(map(str, parts)).encode()).digest()[:8], "big")


class Writer:
    """A team's letters in one course; `number` turns what is asked of whom and how it is answered."""

    def __init__(
        self,
        scenario: Scenario,
        team: str,
        seed: int,
        number: int,
        asks: tuple[Ask, ...] = (),
        *,
        late: bool = False,
        quiet: bool = False,
    ) -> None:
        self._team, self._seed, self._number = team, seed, number
        self._late = late
        """Whether what is asked of the team is sent late now and then, and not as soon as it can be."""
        self._quiet = quiet
        """Whether the team asks nothing but what is asked of it."""
        self._length = scenario.minutes * 60
        self._subjects = {matter.id: matter.subject for matter in scenario.matters}
        self._renewing = {kind.id for kind in scenario.request_kinds if kind.renews == "addressee"}
        """Kinds by which a team puts right what its partners' directories say of it: each of them is told."""
        self._mine = {(ask.matter, ask.kind): ask for ask in asks if ask.by == team}
        self._when: dict[tuple[str, str], tuple[int, float]] = {}
        self._plain: list[tuple[str, str]] | None = None
        self._asked = {(ask.by, ask.matter, ask.kind): ask for ask in asks}

    def __call__(self, view: CorrespondenceView) -> tuple[Command, ...]:
        """What the team asks and answers, seeing its board."""
        kinds = view.kinds
        return (*self._answers(view, kinds), *self._requests(view, kinds))

    def _turn(self, *parts: str | int) -> int:
        """A number that grows by one from course to course, from a drawn start."""
        return draw(self._seed, self._team, *parts) + self._number

    # --- asking ---

    def _requests(self, view: CorrespondenceView, kinds: Mapping[str, KindView]) -> Iterator[Command]:
        about = {(row.matter_id, row.kind) for row in view.requests if not row.incoming and row.status != Step.FAILED}
        tried = Counter((row.matter_id, row.kind, row.other_id) for row in view.requests if not row.incoming)
        for matter, id in self._topics(view, kinds):
            kind, ask = kinds.get(id), self._mine.get((matter, id))
            told_to_each = not matter and id in self._renewing
            if kind is None or ((matter, id) in about and not told_to_each):
                continue
            place, due = self._when.get((matter, id)) or self._due(matter, id, ask)
            if view.clock.play < due or (ask is not None and view.clock.exercise < ask.since):
                continue
            # What came back is tried again by another entry, or once its own has been put right.
            contacts = [one for one in _fit(view, kind) if tried[matter, id, one.party_id] < (1 if told_to_each else 3)]
            if ask is not None and ask.to:
                contacts = [contact for contact in contacts if contact.party_id == ask.to]
            if contacts and told_to_each:
                for contact in {contact.party_id: contact for contact in contacts}.values():
                    yield self._send(view, kind, matter, contact, ask)
            elif contacts:
                yield self._send(view, kind, matter, contacts[place % len(contacts)], ask)

    def _due(self, matter: str, id: str, ask: Ask | None) -> tuple[int, float]:
        """Which of the contacts it goes to, and from when of play on it is sent; of most, never."""
        turn = self._turn(matter, id)
        place = turn // _ONE_IN if ask is None else turn * self._late
        if ask is None and (self._quiet or (matter and turn % _ONE_IN)):
            due = inf
        elif id in self._renewing:
            due = 0.0  # Whoever knows that an entry is old says so at once, or not at all.
        else:
            due = _FROM[place % len(_FROM)] * self._length
        self._when[matter, id] = place, due
        return place, due

    def _topics(self, view: CorrespondenceView, kinds: Mapping[str, KindView]) -> list[tuple[str, str]]:
        """What can be asked about now, by which kind; now and then a kind about nothing in particular."""
        found = [(matter.id, id) for matter in view.matters for id in matter.kinds]
        if self._plain is None:
            often = {id: 1 + 2 * (id in self._renewing) for id in kinds}
            self._plain = [("", id) for id in kinds if ("", id) in self._mine or self._turn(id) % 12 < often[id]]
        found += self._plain
        known = {matter.id for matter in view.matters}
        return found + [key for key in self._mine if key[0] in known and key not in found]

    def _send(
        self, view: CorrespondenceView, kind: KindView, matter: str, contact: ContactView, ask: Ask | None
    ) -> Command:
        chance = draw(self._seed, self._number, self._team, matter, kind.id)
        content = {element.id: f"{element.name}: as our file on this states." for element in kind.elements}
        incomplete = ask.came in (Step.ASKED_BACK, Step.MENDED) if ask else chance % 4 == 0
        required = [element.id for element in kind.elements if element.required]
        if incomplete and required:
            del content[required[chance % len(required)]]
        subject = self._subjects.get(matter, "")
        held = [piece for piece in view.evidence if piece.id == subject or chance % 7 == 0]
        binds = kind.shape == "gives" and (ask.came in _BINDING if ask else chance // 7 % 4 == 0)
        hurries = ask.came == Step.LAPSED if ask and chance % 2 else chance % 5
        return SendRequest(
            seat=view.team,
            play=view.clock.play,
            kind=kind.id,
            contact=contact.number,
            matter=matter or None,
            basis=kind.basis[:3] if chance % 3 else (),
            content=content,
            urgent=kind.volatile or chance % 5 == 0,
            deadline=view.clock.exercise + 3600 * (1 + chance % 6) if kind.shape == "asks" and hurries else None,
            encloses=tuple(piece.id for piece in held if piece.handling is None or chance % 7 == 0)[:3],
            handling=Handling(tlp=Tlp.AMBER, purpose=Purpose.DEFENCE) if binds else None,
        )

    # --- answering ---

    def _answers(self, view: CorrespondenceView, kinds: Mapping[str, KindView]) -> Iterator[Command]:
        for row in view.requests:
            if not row.may:
                continue
            by, other = (row.other_id, view.team) if row.incoming else (view.team, row.other_id)
            ask = self._asked.get((by, row.matter_id, row.kind))
            if ask is not None and ask.to and ask.to != other:
                ask = None
            command = self._answer(view, row, kinds.get(row.kind), ask.came if ask else None)
            if command is not None:
                yield command

    def _answer(
        self, view: CorrespondenceView, row: LetterView, kind: KindView | None, wanted: str | None
    ) -> Command | None:
        base = {"seat": view.team, "play": view.clock.play, "request": row.number}
        now = base | {"revision": row.revision}
        turn = self._turn("answer", row.matter_id, row.kind, row.other_id)
        names = {element.id: element.name for element in kind.elements} if kind else {}
        if "withdraw" in row.may and (wanted == Step.WITHDRAWN if wanted else turn % 17 == 0):
            return WithdrawRequest.model_validate(base)
        if "take-conditions" in row.may:
            accept = wanted != Step.CONDITIONS_DECLINED if wanted else turn % 4 > 0
            return TakeConditions.model_validate(now | {"accept": accept})
        if "answer" in row.may:
            how = _ANSWER_FOR.get(wanted, "accept") if wanted else _TURNS[turn % len(_TURNS)]
            if row.missing and how and (wanted in (Step.ASKED_BACK, Step.MENDED) if wanted else turn % 3 > 0):
                text = "Before we can act we need what is missing."
                return AnswerRequest.model_validate(now | {"answer": "ask-back", "missing": row.missing, "text": text})
            if how in ("", "ask-back"):
                late = "acknowledge" in row.may and turn % 2 == 0
                return AcknowledgeRequest.model_validate(base) if late else None
            return AnswerRequest.model_validate(now | {"answer": how} | _words(how, kind, turn))
        if "mend" in row.may and row.status == Step.ASKED_BACK and (wanted or turn % 4):
            words = {id: f"{names.get(id, id)}: now stated in full." for id in row.missing}
            return MendRequest.model_validate(now | {"content": words})
        if "fulfil" in row.may and (wanted or turn % 4):
            return FulfilRequest.model_validate(now | {"text": "Done as agreed; what we hold goes with this."})
        return None


def _fit(view: CorrespondenceView, kind: KindView) -> list[ContactView]:
    """Entries by which a kind can go, those known to be dead left out."""
    fit = {id for id, _ in kind.channels}
    return [contact for contact in view.contacts if contact.via in fit and contact.stands != "dead"]


def _words(how: str, kind: KindView | None, turn: int) -> dict[str, object]:
    match how:
        case "refuse":
            grounds = kind.grounds if kind else ()
            ground = grounds[turn % len(grounds)][0] if grounds else ""
            return {"ground": ground, "text": "" if turn % 3 == 0 else "We cannot do this now, for the ground we name."}
        case "conditional":
            return {"text": "On these conditions.", "conditions": {"tlp": "amber"}}
        case _:
            return {
                "text": "We take this on and say how far we come.",
                "days": max(90, (kind and kind.least_days) or 0),
            }
