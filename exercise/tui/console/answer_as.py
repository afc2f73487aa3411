"""Answering for a body that exercise control plays: its desk as the screens of a team's requests read one.

The same screens serve, so that a controlled actor says no less, and no more, than a team could.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from exercise.core.asked import FACILITATOR
from exercise.core.views import BriefingView, EvidenceView, ParticipantView
from exercise.language import N_, _
from exercise.tui.screens.request import RequestScreen
from exercise.tui.widgets.request_words import ends_of

if TYPE_CHECKING:
    from exercise.core.assess import Assessment
    from exercise.core.commands import Command
    from exercise.core.commitments import Profile
    from exercise.core.reference import Reference
    from exercise.core.requests.views import RequestView
    from exercise.core.views import FacilitatorView, HotWashView
    from exercise.session.control import Control

__all__ = ["ActorClient", "ActorRequestScreen", "Behind", "behind", "claimed_by", "played_end"]

Actor = tuple[str, str]
"""Id and name."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a scenario holds ready for control to play with: its actors, its evidence, and what it is for."""

    actors: Mapping[str, str] = field(default_factory=dict)
    """Names by id."""
    evidence: tuple[EvidenceView, ...] = ()
    objectives: tuple[tuple[str, str], ...] = ()
    """Id and title."""
    profiles: tuple[Profile, ...] = ()
    """The texts that the teams have accepted, one team's after the other's."""


async def behind(control: Control) -> Behind:
    """Read once a screen: none of it changes while an exercise is played."""
    scenario = (await control.assessment()).scenario
    pieces = tuple(EvidenceView(piece.title, piece.text, piece.source, "", piece.id) for piece in scenario.evidence)
    aims = tuple((aim.id, aim.title) for aim in scenario.objectives)
    profiles = tuple(profile for team in scenario.teams for profile in team.profile)
    return Behind({actor.id: actor.name for actor in scenario.actors}, pieces, aims, profiles)


def played_end(request: RequestView, actors: Mapping[str, str]) -> Actor | None:
    """The end of a request that control plays, or None between two teams."""
    by, to = ends_of(request)
    for id, name in actors.items():
        if name == to or id == request.other_id:
            return id, name
    return next(((id, name) for id, name in actors.items() if name == by), None)


def claimed_by(view: FacilitatorView, number: int, actor: str) -> tuple[str, str]:
    """What is claimed of a request, and by whom: the request itself before the whole actor; both empty for nothing."""
    claims = dict(view.claims)
    for what in (f"request:{number}", f"actor:{actor}"):
        if what in claims:
            return what, claims[what]
    return "", ""


class ActorClient:
    """Implements `Client` for a controlled actor: what concerns it of control's board, and its evidence."""

    def __init__(self, control: Control, actor: str, name: str, evidence: Iterable[EvidenceView] = ()) -> None:
        self._control, self._actor, self._name = control, actor, name
        self._evidence = tuple(evidence)

    @property
    def seat(self) -> str:
        """Control's own."""
        return FACILITATOR

    @property
    def reference(self) -> Reference:
        """The texts of the profiles."""
        return self._control.reference

    def view(self) -> ParticipantView:
        """The actor's own board, with the clock."""
        seen = self._control.view()
        return ParticipantView(
            seat=FACILITATOR,
            team=f"actor:{self._actor}",
            team_name=_("As {name}").format(name=self._name),
            team_short=self._name,
            clock=seen.clock,
            briefing=BriefingView(self._control.title, "", "", "", "", (), ()),
            plenary_text="",
            plenary_questions=(),
            inbox=(),
            indicators=(),
            decisions=(),
            contacts=(),
            profile=(),
            evidence=self._evidence,
            journal=(),
            requests=tuple(mine for request in seen.requests if (mine := self._own(request)) is not None),
        )

    def _own(self, request: RequestView) -> RequestView | None:
        by, to = ends_of(request)
        if request.other_id == self._actor:
            return replace(request, incoming=False, other=to)
        return replace(request, incoming=True, other=by) if to == self._name else None

    def hot_wash(self) -> HotWashView | None:
        """Nothing is looked back at from here."""
        return None

    def assessment(self) -> Assessment | None:
        """Nothing is looked back at from here."""
        return None

    async def submit(self, command: Command) -> None:
        """Asks under control's seat, which stands for its actors."""
        await self._control.submit(command.model_copy(update={"seat": FACILITATOR}))

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change."""
        return self._control.subscribe(changed)


class ActorRequestScreen(RequestScreen):
    """A request as the actor has it before it; what control answers here is what the team reads."""

    TITLE_WORDS = N_("answering for an actor")
    HELP: ClassVar[str] = N_("""
You stand for a body that exercise control plays. What you answer here is what the team reads, under that body's name;
its scripted answer does not come any more, since you have taken it in hand.

**a** answers: accept, accept a part, accept under conditions, refuse with a ground, or ask back. What you accept
whole is carried out at once, with what the story holds ready for it. What you accept in part, or under conditions
that the team has accepted, you carry out with **f**; there you may enclose any evidence of the scenario.

Where the body has asked a team for something, **m** supplies what was missing, **y** and **x** accept and decline
conditions, and **k** takes it back. To ask a team for something new in its name, write an inject from it.

**esc** goes back to the board; the request stays in your hand until you give it back there.
""")

    def _done(self, said: str | None) -> None:
        # What control accepts whole is carried out at once, so there is nothing to come back to.
        over = said is not None and self.request.status == "fulfilled"
        super()._done(_("Accepted and carried out; the team has it.") if over else said)
