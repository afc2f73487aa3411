"""The feeds of a room: who may watch which, and what each shows now, built and encoded once for all who watch it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from exercise.core.assess import Assessment, assess
from exercise.core.evaluation.outcome import as_evaluated
from exercise.core.evaluation.standing import standing_of
from exercise.core.evaluation.views import Dossier, Standing
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, hot_wash_view, spectator_view
from exercise.core.reference import Reference
from exercise.core.scenario import Scenario
from exercise.core.scorecard import Repair
from exercise.core.teamwork.observer import observer_view
from exercise.core.teamwork.seating import seats_of
from exercise.core.tongues import language_of, read_by
from exercise.core.views import FacilitatorView, HotWashView, ParticipantView, SpectatorView
from exercise.core.wording import cited_in, worded
from exercise.errors import CommandRejected
from exercise.hub.asking import evaluator_seat
from exercise.hub.feeds import SHAPES, Shape, kind_of
from exercise.hub.people import Member
from exercise.language import speaking
from exercise.session.evaluation_record import dossier_of
from exercise.session.player import LogPlayer
from exercise.session.surveying import SurveyView

if TYPE_CHECKING:
    from exercise.hub.room import Room

_REFERENCE: TypeAdapter[Reference] = TypeAdapter(Reference)
_ASSESSMENT: TypeAdapter[Assessment] = TypeAdapter(Assessment)
_SURVEY: TypeAdapter[SurveyView] = TypeAdapter(SurveyView)
_DOSSIER: TypeAdapter[Dossier] = TypeAdapter(Dossier)

DRIFT = 2
"""Seconds by which a watcher's clock may be off before a feed is sent for its clock alone."""

STILL_HIDDEN = (
    "Not yet",
    "What was true is opened to you when you have finished evaluating: conduct is judged, not luck.",
)
"""In the place of the hidden facts, for an evaluator at work."""

PACKED = 4_096
"""Bytes from which a message is sent compressed."""


@dataclass
class Feed:
    """One view as it is now; `rev` grows with each change."""

    key: str
    name: str
    shape: Shape[Any]
    build: Callable[[], Any]
    rev: int = 0
    view: Any = None
    sent: dict[int, bytes | str] = field(default_factory=dict)
    """Messages that lead from a revision to the present one, so that each is encoded once."""
    source: object = None
    """What the view was built from; while that is the same, so is the view."""
    clock: tuple[float, int, bool] = (0.0, 0, False)
    """When its clock was last told, the play time then, and whether it ran."""


class Feeds:
    """All feeds that are watched, by key: the name, and for whom it is built."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._feeds: dict[str, Feed] = {}
        self._made: dict[str, tuple[int, bytes | str]] = {}
        self._references: dict[str, bytes] = {}
        self._repairs: tuple[Repair, ...] | None = None

    def forget(self) -> None:
        """After a change of session nothing that was sent can be built on."""
        self._feeds.clear()
        self._made.clear()
        self._references.clear()
        self._repairs = None

    def watch(self, member: Member, name: str) -> Feed:
        """A feed that this person may watch; raises `CommandRejected` in the same words for one that is not there."""
        key, build = self._opened(member, name)
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._feeds[key] = Feed(key, name, SHAPES[kind_of(name)], build)
        # One that nobody watched for a while is old.
        self.renew(feed)
        return feed

    def renew(self, feed: Feed) -> bool:
        """Builds a feed anew, if what it shows may have changed, and says whether there is anything to tell."""
        source = self._room.stamp if kind_of(feed.name) == "room" else self._room.session.state
        drifts = feed.view is not None and self._drifts(feed)
        if feed.source is source and not drifts:
            return False
        view = feed.build()
        feed.source = source
        if feed.view is not None and not drifts and _stated(view) == _stated(feed.view):
            return False
        feed.view, feed.rev = view, feed.rev + 1
        feed.sent = {}
        play, _ = self._room.session.times
        feed.clock = (self._room.now(), play, self._room.session.state.clock.running)
        return True

    def message(self, feed: Feed, since: int, before: Any) -> bytes | str:
        """The message that brings a watcher from revision `since`, whose view was `before`, to the present one."""
        found = feed.sent.get(since)
        if found is None:
            play, exercise = self._room.session.times
            head = f'{{"say":"feed","feed":{json.dumps(feed.name)},"play":{play},"exercise":{exercise},'
            if before is None:
                text = head.encode() + b'"whole":' + feed.shape.whole(feed.view) + b"}"
            else:
                patch = feed.shape.patch(before, feed.view) or {}
                text = head.encode() + b'"patch":' + json.dumps(patch, ensure_ascii=False).encode() + b"}"
            found = feed.sent[since] = packed(text)
        return found

    def fetch(self, member: Member, what: str) -> bytes | str:
        """The message with something large; raises `CommandRejected` where it is not for this person or not yet."""
        if what == "reference":
            texts = self._reference(member)
            return self._fetched(what, 0, lambda: texts, f" in {self._read_by(member).language}")
        if what == "survey":
            return packed(_said(what, _SURVEY.dump_json(self._room.surveys.view(member))))
        control = member.kind in ("controller", "facilitator")
        if what == "dossier":
            if member.kind != "evaluator":
                raise CommandRejected("not-evaluator", "Only an evaluator may do this.")
            if self._room.session.state.clock.phase != "ended":
                raise CommandRejected("not-yet", "Conduct is evaluated after ENDEX.")
            # What is evaluated was done by then; later entries change nothing of it.
            return self._fetched(what, 0, self._dossier)
        own = self._room.read(member)
        if what == "assessment":
            if not control and self._room.session.state.clock.phase != "ended":
                raise CommandRejected("not-yet", "The scorecards are opened in the hot wash.")
            if member.kind == "evaluator" and not self._has_finished(member):
                # Where all who sat down have finished, one who comes after them still judges blind.
                return self._fetched(what, len(self._room.session.entries), self._as_proposed, "as proposed")
            read = own if control else read_by(self._room.session.scenario, member.seat)
            count = len(self._room.session.entries)
            return self._fetched(what, count, lambda: self._assessment(read), f" in {read.language}")
        if not control:
            raise CommandRejected("not-facilitator", "Only exercise control may do this.")
        count = len(self._room.session.entries)
        return self._fetched(what, count, lambda: self._moments(own.language), f" in {own.language}")

    def reference_digest(self, member: Member) -> str:
        """Of the texts as somebody reads them, by which a client knows whether it has them."""
        return hashlib.sha256(self._reference(member)).hexdigest()[:32]

    def _fetched(self, what: str, seq: int, make: Callable[[], bytes], form: str = "") -> bytes | str:
        """The message with it in one form, made once however many ask."""
        kept = self._made.get(what + form)
        if kept is None or kept[0] != seq:
            kept = self._made[what + form] = (seq, packed(_said(what, make())))
        return kept[1]

    def _moments(self, language: str) -> bytes:
        session = self._room.session
        with speaking(language):
            markers = LogPlayer(session.scenario, session.reference, session.entries).markers
        return json.dumps(markers, ensure_ascii=False).encode()

    def _reference(self, member: Member) -> bytes:
        """The texts in the language of somebody's team; they are large, and made once for each."""
        read = self._read_by(member)
        made = self._references.get(read.language)
        if made is None:
            texts = cited_in(self._room.session.reference, read)
            made = self._references[read.language] = _REFERENCE.dump_json(texts)
        return made

    def _read_by(self, member: Member) -> Scenario:
        return self._room.read(member)

    def _control_view(self, read: Scenario) -> FacilitatorView:
        with speaking(read.language):
            return facilitator_view(read, self._room.session.state)

    def _public_view(self, read: Scenario) -> SpectatorView:
        with speaking(read.language):
            return spectator_view(read, self._room.session.state)

    def _has_finished(self, member: Member) -> bool:
        one = self._room.session.state.evaluation.evaluators.get(evaluator_seat(member))
        return one is not None and one.finished

    def _wash_of(self, member: Member) -> HotWashView | None:
        """The hot wash of an evaluator, to whom what was true is opened last: conduct is judged, and not the luck."""
        view = hot_wash_view(self._room.session.scenario, self._room.session.state)
        if view is None or self._has_finished(member):
            return view
        return replace(view, facts=(STILL_HIDDEN,) if view.facts else (), evaluated=False)

    def _as_proposed(self) -> bytes:
        session = self._room.session
        found = assess(session.scenario, session.reference, session.entries)
        return _ASSESSMENT.dump_json(worded(found, session.scenario))

    def _assessment(self, read: Scenario) -> bytes:
        session = self._room.session
        found = assess(session.scenario, session.reference, session.entries)
        return _ASSESSMENT.dump_json(worded(as_evaluated(found, session.entries), read))

    def _dossier(self) -> bytes:
        session = self._room.session
        return _DOSSIER.dump_json(dossier_of(session.id, session.scenario, session.reference, session.entries))

    def _drifts(self, feed: Feed) -> bool:
        at, play, running = feed.clock
        clock = self._room.session.state.clock
        if running != clock.running:
            return True
        told = play + ((self._room.now() - at) * clock.rate if running else 0.0)
        return abs(self._room.session.times[0] - told) > DRIFT

    def _standing(self, seat: str) -> Standing:
        session = self._room.session
        if self._repairs is None:
            # No entry after ENDEX repairs anything.
            self._repairs = assess(session.scenario, session.reference, session.entries).repairs
        return standing_of(session.scenario, session.reference, session.entries, seat, self._repairs)

    def _opened(self, member: Member, name: str) -> tuple[str, Callable[[], Any]]:
        """The one place that says who may see what."""
        kind, _, rest = name.partition(":")
        scenario = self._room.session.scenario
        seats = {seat for team in scenario.teams for seat in seats_of(team)}
        control = member.kind in ("controller", "facilitator")
        if kind == "seat" and rest in seats:
            if control or (member.kind == "participant" and member.seat == rest):
                return name, lambda: participant_view(scenario, self._room.session.state, rest)
            if member.kind in ("observer", "evaluator") and rest in scenario.teams_by_id:
                return f"look:{rest}", lambda: looked_at(observer_view(scenario, self._room.session.state, rest))
        own = self._room.read(member)
        if name == "public":
            return f"public:in {own.language}", lambda: self._public_view(own)
        if name == "wash" and self._room.session.state.clock.phase == "ended":
            if member.kind == "evaluator":
                return f"wash:{evaluator_seat(member)}", lambda: self._wash_of(member)
            if control:
                return f"wash:in {own.language}", lambda: hot_wash_view(own, self._room.session.state)
            language = language_of(scenario, member.seat)
            return f"wash:in {language}", lambda: hot_wash_view(scenario, self._room.session.state, member.seat)
        if control and name == "control":
            return f"control:in {own.language}", lambda: self._control_view(own)
        if control and name == "room":
            codes = member.kind == "facilitator"
            return f"room:{codes} in {own.language}", lambda: self._room.view(codes=codes, read=own)
        if name == "evaluation" and member.kind == "evaluator" and self._room.session.state.clock.phase == "ended":
            seat = evaluator_seat(member)
            return f"evaluation:{seat}", lambda: self._standing(seat)
        raise CommandRejected("no-feed", "There is nothing of that name for you here.")


def looked_at(view: ParticipantView) -> ParticipantView:
    """A team's view for those who look on: without the means to act in it.

    Without its answers to marks as well: an evaluator reads those after judging.
    """
    requests = tuple(replace(request, may=()) for request in view.requests)
    return replace(view, requests=requests, matters=(), kinds=(), answered=())


def _said(what: str, data: bytes) -> bytes:
    return f'{{"say":"fetched","what":"{what}","data":'.encode() + data + b"}"


def packed(text: bytes) -> bytes | str:
    """A message as it is sent: text, or compressed where it is long."""
    return zlib.compress(text, 1) if len(text) >= PACKED else text.decode()


def _stated(view: Any) -> Any:
    """A view but for where its clocks stand, which other people's doings move as well."""
    clock = getattr(view, "clock", None)
    return view if clock is None else replace(view, clock=replace(clock, play=0, exercise=0))
