"""Decisions that are behind the team, and coming back to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from textual.binding import Binding
from textual.content import Content

from exercise.core.commands import FollowUp
from exercise.errors import ExerciseError
from exercise.language import N_, Told, _
from exercise.tui.screens.browse import BrowseScreen
from exercise.tui.screens.picker import asides, clause
from exercise.tui.widgets.agenda import OWED
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain
from exercise.tui.widgets.writing import forget_line

if TYPE_CHECKING:
    from exercise.core.reference import Reference
    from exercise.core.views import DecisionView
    from exercise.session.client import Client

__all__ = ["AnsweredScreen"]

_KINDS: Mapping[Literal["told", "returned"], tuple[str, str]] = Told(
    {
        "told": ("Whom have you told?", "Say whom you have told what you decided, and what you told them."),
        "returned": (
            "What did you change on coming back?",
            "Say what you looked at again, and what you keep, end or change.",
        ),
    }
)


class AnsweredScreen(BrowseScreen):
    """What was answered and why; a team may say later that it told those affected, or reviewed what it did."""

    TITLE_WORDS = N_("answered decisions")
    HINT = N_("u: say whom you told since. r: say that you came back to it. esc goes back.")
    EMPTY = N_("Your team has not answered a decision yet.")
    HELP = N_("""
An answer cannot be taken back, but you can come back to it, once the story has moved on:

- **u** says that you have **told** those affected by it.
- **r** says that you have **returned** to it: looked at it again, and kept, ended or changed what you did.

Both matter where you set one of your commitments aside.
""")
    BINDINGS = [
        Binding("u", "follow('told')", "Told", tooltip="Say whom you told of this decision"),
        Binding("r", "follow('returned')", "Returned", tooltip="Say that you came back to this decision"),
    ]

    def __init__(self, client: Client, *, live: bool = False, now: Callable[[], float], first: str = "") -> None:
        super().__init__(client, live=live, now=now)
        self._first = first

    def show_entries(self) -> None:
        super().show_entries()
        self.query_one("#rows", Choices).choose(self._first)
        self._first = ""

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        return [
            (
                decision.id,
                Lines(
                    ("", safe(decision.title)), ("  ", _state(decision)), *(("  ", line) for line in _owed(decision))
                ),
                _account(decision, self._client.reference),
            )
            for decision in self._client.view().decisions
            if decision.status != "open"
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "follow":
            view = self._client.view()
            return view.clock.phase != "ended" and any(d.id == self.marked and d.answer for d in view.decisions)
        return True

    def action_follow(self, kind: Literal["told", "returned"]) -> None:
        from exercise.tui.screens.confirm import AskScreen

        decision = self.marked
        if decision is None:
            return
        question, text = _KINDS[kind]

        def written(words: str | None) -> None:
            if words and words.strip():
                self.run_worker(self._send(decision, kind, words), exclusive=True)

        keep = (self._client.seat, _kept_as(decision, kind))
        self.app.push_screen(AskScreen(question, text, keep=keep), written)

    async def _send(self, decision: str, kind: Literal["told", "returned"], words: str) -> None:
        client = self._client
        play = client.view().clock.play
        try:
            await client.submit(FollowUp(seat=client.seat, play=play, decision=decision, kind=kind, text=words))
        except ExerciseError as error:
            self.say(str(error), wrong=True)
        else:
            forget_line(self.program, client.seat, _kept_as(decision, kind))
            self.show_entries()
            # What was just written stands at the end of the account.
            self.call_after_refresh(self.query_one("#entry").scroll_end, animate=False)
            self.say(_("Noted."))


def _kept_as(decision: str, kind: str) -> str:
    """Under what a line is kept that was begun and not sent."""
    return f"+{kind}:{decision}"


def _state(decision: DecisionView) -> Content:
    if decision.answer is None:
        return Content.styled(_("✕ lapsed without an answer"), "$text-warning")
    return safe(
        _("✓ answered {exercise_time}").format(exercise_time=exercise_time(decision.answer.exercise)), "$foreground 65%"
    )


def _owed(decision: DecisionView) -> list[Content]:
    return [safe(f"○ {OWED[kind][0]}", "bold") for kind in decision.answer.owed] if decision.answer else []


def _account(decision: DecisionView, reference: Reference) -> str:
    parts = [f"## {plain(decision.title)}", decision.text, "---"]
    answer = decision.answer
    if answer is None:
        return "\n\n".join([*parts, _("**Lapsed:** no answer was given in time."), decision.lapse_text])
    words = _("In your own words") if answer.own_words else _("You chose")
    parts.append(f"**{words}** ({exercise_time(answer.exercise)})  \n{plain(answer.option)}")
    parts.append(_("**Because**  \n{reason}").format(reason=answer.reason or _("no reason was given")))
    if answer.basis:
        parts.append(_("**You rely on**\n") + "\n".join(f"- {plain(clause(reference, id))}" for id in answer.basis))
    if answer.set_aside:
        parts.append(asides(reference, answer.set_aside))
    if answer.owed:
        # Before what was said of it, so that it is not below the fold.
        still = "\n".join(f"- {OWED[kind][1]}" for kind in answer.owed)
        parts.append(_("**Still to be done about what you set aside**\n{still}").format(still=still))
    for kind, exercise, text in answer.followed_up:
        parts.append(
            f"**{_('Told') if kind == 'told' else _('Came back')}** ({exercise_time(exercise)})  \n{plain(text)}"
        )
    return "\n\n".join(parts)
