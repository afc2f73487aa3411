"""The way through writing a request: what to do, whom to ask, about what, the form, a last look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from exercise.language import _, ngettext
from exercise.tui.request_draft import RequestDraft, draft_for, forget
from exercise.tui.request_pen import RequestPen
from exercise.tui.widgets.request_words import Strain, strain
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.vote_words import shared
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from textual.screen import Screen

    from exercise.core.requests.views import KindView, MatterView
    from exercise.core.views import ContactView, EvidenceView, ParticipantView
    from exercise.session.client import Client
    from exercise.tui.app import ExerciseApp

__all__ = ["Composer", "consent_for", "deadlines", "past_move", "ping_kind", "start_request"]

Item = TypeVar("Item")
Stage = Literal["kind", "contact", "matter", "form"]
_STAGES: tuple[Stage, ...] = ("kind", "contact", "matter", "form")

LEAST_PLAY = 300
"""Seconds of play that an addressee has at least: nobody is asked for an answer by a time that no room can keep."""


class Composer:
    """One request being written, and the screens that are open for it; sending it closes them all."""

    def __init__(
        self,
        app: ExerciseApp,
        client: Client,
        *,
        live: bool,
        now: Callable[[], float],
        name: str = "new",
        done: Callable[[str], None] | None = None,
    ) -> None:
        self.app, self.client, self.live, self.now = app, client, live, now
        self.team = client.view().team
        self._name, self._done = name, done
        # A request for leave is written over the form of another, whose pen it must not touch.
        self.pen = RequestPen(client, used=name == "new")
        self._given: set[Stage] = set()
        self._depth = len(app.screen_stack)

    @property
    def draft(self) -> RequestDraft:
        """What has been chosen and written so far."""
        return draft_for(self.app, self.team, self._name, RequestDraft)

    @property
    def view(self) -> ParticipantView:
        """What the team may see now."""
        return self.client.view()

    @property
    def kind(self) -> KindView | None:
        """The kind that was chosen, if the team can still send it."""
        return _first(self.view.kinds, lambda kind: kind.id == self.draft.kind)

    @property
    def contact(self) -> ContactView | None:
        """The entry it goes to."""
        return _first(self.view.contacts, lambda entry: entry.number == self.draft.contact)

    @property
    def matter(self) -> MatterView | None:
        """What it is about; none for something else."""
        return _first(self.view.matters, lambda matter: matter.id == self.draft.matter)

    def strain(self, piece: EvidenceView) -> Strain:
        """Whether this request would pass a piece of evidence on against its conditions."""
        contact = self.contact
        return "" if contact is None else strain(piece, self.kind, contact.party, contact.via, self.view.team_short)

    def start(self, *given: Stage) -> None:
        """Open the first stage that is not decided, with those before it underneath to go back to."""
        self._given = set(given)
        self._depth = len(self.app.screen_stack)
        for stage in _STAGES:
            if stage not in given:
                self._push(stage)
                if not self._decided(stage):
                    return

    def onward(self, stage: Stage) -> None:
        """Open what comes after a stage."""
        for following in _STAGES[_STAGES.index(stage) + 1 :]:
            skipped = following in self._given or (following == "matter" and not self._has_matter)
            if not skipped:
                self._push(following)
                return

    def finish(self, said: str) -> None:
        """It was sent: forget the draft, close every screen opened for it, and say so where it began."""
        forget(self.app, self.team, self._name)
        while len(self.app.screen_stack) > self._depth:
            self.app.pop_screen()
        if self._done is not None:
            self._done(said)

    @property
    def _has_matter(self) -> bool:
        """A test of a contact is about nothing."""
        return self.kind is None or not self.kind.automatic

    def _decided(self, stage: Stage) -> bool:
        draft = self.draft
        if stage == "kind":
            return self.kind is not None
        if stage == "contact":
            return self.contact is not None
        return stage == "matter" and (draft.asked_about or not self._has_matter)

    def _push(self, stage: Stage) -> None:
        from exercise.tui.screens.compose import EntryScreen, KindScreen, MatterScreen
        from exercise.tui.screens.compose_form import ComposeScreen

        if stage == "matter" and not self._has_matter:
            return
        screens: dict[Stage, Callable[[Composer], Screen[Any]]] = {
            "kind": KindScreen,
            "contact": EntryScreen,
            "matter": MatterScreen,
            "form": ComposeScreen,
        }
        if stage == "form" and self.pen.held_by_other:
            self.read_along(self.open_form)
        else:
            self.app.push_screen(screens[stage](self))

    def open_form(self) -> None:
        """Open the form, or what another of the team writes in it."""
        self._push("form")

    def read_along(self, go_on: Callable[[], None]) -> None:
        """Show what another of the team writes, and go on once this seat has the pen."""
        from exercise.tui.screens.request_pen import RequestPenScreen

        self.app.push_screen(RequestPenScreen(self, go_on))


def start_request(
    composer: Composer,
    *,
    kind: str | None = None,
    contact: int | None = None,
    encloses: Iterable[str] = (),
    subject: str = "",
) -> None:
    """Begin a request, offering to go on with one that was begun before; what is given here is not asked again."""
    from exercise.tui.screens.confirm import ConfirmScreen

    encloses = list(encloses)
    given: list[Stage] = ["kind"] if kind else []
    given += ["contact"] if contact else []
    given += ["matter"] if subject else []

    def anew() -> None:
        forget(composer.app, composer.team, composer._name)
        draft = composer.draft
        draft.kind, draft.contact, draft.encloses = kind, contact, encloses
        draft.subject, draft.asked_about = subject, bool(subject)
        composer.start(*given)

    if composer.pen.held_by_other:
        # Nothing of what another writes is thrown away from here: with the pen, this seat goes on with it.
        composer.read_along(lambda: composer.start() if composer.draft.begun else anew())
        return
    if not composer.draft.begun:
        anew()
        return
    name = composer.kind.name if composer.kind else _("a request")
    to = _(" to {name}").format(name=plain(composer.contact.name)) if composer.contact else ""
    question = ConfirmScreen(
        _("Your team has begun a request") if shared(composer.view) else _("You have begun a request"),
        _("**{name}**{to} was not sent yet. Go on with it, or throw it away and begin a new one?").format(
            name=plain(name), to=to
        ),
        yes=_("Throw it away"),
        no=_("Go on with it"),
    )

    def answered(throw_away: bool | None) -> None:
        if throw_away:
            anew()
        elif throw_away is False:
            composer.start()

    composer.app.push_screen(question, answered)


def consent_for(view: ParticipantView, piece: EvidenceView) -> tuple[KindView, ContactView] | None:
    """The kind of request that asks a giver for leave to pass something on, and an entry that reaches the giver."""
    for kind in view.kinds:
        fit = {channel for channel, _ in kind.channels}
        entries = [c for c in view.contacts if kind.lifts and c.party == piece.giver and c.via in fit]
        if entries:
            return kind, next((entry for entry in entries if entry.stands != "dead"), entries[0])
    return None


def ping_kind(view: ParticipantView, entry: ContactView) -> KindView | None:
    """The kind that tests an entry without a word, where its channel knows one."""
    return _first(
        view.kinds,
        lambda kind: (
            kind.automatic and kind.shape == "calls" and entry.via in {channel for channel, _ in kind.channels}
        ),
    )


def deadlines(view: ParticipantView) -> tuple[tuple[str, str, int | None], ...]:
    """By when an answer can be wanted: key, words and time of the story.

    Times that would leave less than a few minutes of play, at the pace of this move, are left out.
    """
    clock = view.clock
    found: list[tuple[str, str, int | None]] = [("none", _("No time is named"), None)]
    least = clock.exercise + 1
    if clock.phase == "move" and clock.move_ends > clock.exercise:
        end = clock.move_ends
        played = clock.phase_opened + clock.phase_seconds - clock.play
        if played > 0:
            least = clock.exercise + LEAST_PLAY * (end - clock.exercise) // played
        found.append(
            ("move", _("By the end of this move, {exercise_time}").format(exercise_time=exercise_time(end)), end)
        )
    half = clock.exercise + 1800
    said = _("Within 30 minutes, by {exercise_time}").format(exercise_time=exercise_time(half))
    found.append(("half", said, half))
    for hours in (1, 4, 12):
        at = clock.exercise + hours * 3600
        found.append(
            (
                str(hours),
                ngettext(
                    "Within {hours} hour, by {exercise_time}", "Within {hours} hours, by {exercise_time}", hours
                ).format(hours=hours, exercise_time=exercise_time(at)),
                at,
            )
        )
    timed = [(at, key, words) for key, words, at in found if at is not None and at >= least]
    if half < least:
        soonest = -(-least // 900) * 900
        said = _("As soon as a room can answer, by {exercise_time}").format(exercise_time=exercise_time(soonest))
        timed += [(soonest, "soon", said)] if all(soonest < at for at, _key, _words in timed) else []
    # Two ways to say one time would read as two times; the move's end is the one that the room knows.
    once = {row[0]: row for row in reversed(timed)}
    return found[0], *((key, words, at) for at, key, words in sorted(once.values()))


def past_move(view: ParticipantView, at: int | None) -> str:
    """Words for a time that comes only when this move is over, as an addressee may see it much later in the room."""
    clock = view.clock
    over = at is not None and clock.phase == "move" and at > clock.move_ends
    return _("after the end of this move") if over else ""


def _first(items: Iterable[Item], fits: Callable[[Item], bool]) -> Item | None:
    return next((item for item in items if fits(item)), None)
