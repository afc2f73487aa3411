"""One mark opened: what the text asks, what the team did, how the grade came about, and where the log shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static

from exercise.core.assess import Assessment
from exercise.core.marks import CapacityFinding, Mark
from exercise.core.reference import Reference
from exercise.core.requests.views import RequestView
from exercise.language import N_, _
from exercise.session.client import Client, Player
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.screens.past_request import PastRequestScreen, request_of
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import CHIP, SIGNS, grade_text
from exercise.tui.widgets.line import Line
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain, sentence

_HELP = N_("""
This is **one mark**: one team's conduct, on one occasion, under one clause.

The **grade** is what counts in the figures. Where it is not the one first proposed, the steps that led to it are
listed: a ceiling set by how far the text binds, or a step up for what was set aside openly and made good.

Where the mark is about a **request** between teams, **o** opens that request.

At the foot stand the **entries of the log** that show it. **Enter** on one goes to that moment in the replay, as the
team saw it then.

The program only proposes. Evaluators confirm or change, and a team may answer: **a** writes what your team has to say
to a mark on its conduct.
""")


class MarkScreen(ExerciseScreen[int]):
    """Shows a mark or a capacity finding; closes with the entry to go to in the replay, or with nothing."""

    CSS_PATH = "mark.tcss"
    TITLE_WORDS = N_("A mark")
    HELP = _HELP
    BINDINGS = [
        Binding("r", "moment", "See it in the replay"),
        Binding("o", "request", "Request", tooltip="Open the request that this mark is about"),
        Binding("a", "answer", "Answer", tooltip="Say what your team has to say to this mark"),
    ]

    def __init__(
        self,
        mark: Mark | CapacityFinding,
        reference: Reference,
        team: str,
        player: Player | None,
        requests: tuple[RequestView, ...] = (),
        now: int | None = None,
        client: Client | None = None,
    ) -> None:
        """`client` is the seat of those who may answer here: they do where the mark is on their own conduct."""
        super().__init__()
        own = client is not None and isinstance(mark, Mark) and client.seat.partition("/")[0] == mark.team
        self._client = client if own else None
        self._request = request_of(mark.occasion, requests)
        self._now = now
        self._mark = mark
        self._reference = reference
        self._team = team
        self._player = player

    def body(self) -> ComposeResult:
        mark = self._mark
        grade = grade_text(mark.grade) if isinstance(mark, Mark) else Content(_("▫ unable: a finding about means"))
        yield Static(
            Content.assemble(CHIP, "  ", grade, "  ", safe(f"{self._team} · {mark.title}", "bold")), id="mark-title"
        )
        yield ProseView(self._words(), id="mark-text")
        yield Static(Content(_("What shows it in the log")), id="mark-entries-title", classes="heading")
        yield Choices(id="mark-entries")

    def on_mount(self) -> None:
        rows = self.query_one(Choices)
        rows.show((f"e{entry}", self._entry(entry)) for entry in self._mark.entries)
        rows.action_first()
        rows.focus()
        self.say("")

    def hint(self) -> str:
        request = _("o: the request · ") if self._request is not None else ""
        request += _("a: answer it · ") if self._client is not None else ""
        if self._player is None:
            return _("{request}esc goes back to the scorecard").format(request=request)
        return _("enter: that moment in the replay · {request}tab: the text above · esc goes back").format(
            request=request
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "request":
            return self._request is not None
        if action == "answer":
            return self._client is not None
        return action != "moment" or self._player is not None

    def action_request(self) -> None:
        if self._request is not None:
            self.app.push_screen(PastRequestScreen(self._request, self._reference, self._now))

    def action_answer(self) -> None:
        if self._client is None or not isinstance(self._mark, Mark):
            return
        from exercise.tui.evaluation.answering import AnswerMarkScreen

        def answered(taken: bool | None) -> None:
            self.query_one("#mark-text", ProseView).show(self._words())
            self.say(_("Your answer is kept; it stands beside the mark.") if taken else "")

        self.app.push_screen(AnswerMarkScreen(self._client, self._mark, self.program.words), answered)

    def _words(self) -> str:
        text = mark_text(self._mark, self._reference)
        said = dict(self._client.view().answered).get(self._mark.id) if self._client is not None else None
        return (
            _("**What your team says to it:** {said}\n\n{text}").format(said=plain(said), text=text) if said else text
        )

    def action_moment(self) -> None:
        chosen = self.query_one(Choices).chosen
        if self._player is not None and chosen is not None:
            self.dismiss(int(chosen[1:]))

    @on(OptionList.OptionSelected)
    def _entry_opened(self) -> None:
        self.action_moment()

    def _entry(self, entry: int) -> Line:
        player = self._player
        if player is None or not 1 <= entry <= player.length:
            return Line(Content(_("Entry {entry}").format(entry=entry)))
        at = exercise_time(player.exercise_time(entry))
        return Line(
            Content.assemble((f"{at:>8}  ", "bold"), safe(player.describe(entry))),
            Content(_("entry {entry}").format(entry=entry)),
        )


def open_mark(
    app: App[Any],
    what: Mark | CapacityFinding | str,
    assessment: Assessment,
    player: Player | None,
    followed: Callable[[int | None], None],
    requests: tuple[RequestView, ...] = (),
    now: int | None = None,
    client: Client | None = None,
) -> None:
    """Opens what a row of a scorecard stands for: a mark, a finding, or the text of a clause without either.

    `requests` are all of the log up to `now`, a time of the story, or to ENDEX, for a mark that is about one of them.
    `client` is the seat of those who may answer a mark on their own conduct.
    """
    if isinstance(what, str):
        from exercise.tui.screens.commitments import CommitmentsScreen

        app.push_screen(CommitmentsScreen(assessment.reference, at=what))
        return
    team = assessment.scenario.names.get(what.team, what.team)
    app.push_screen(MarkScreen(what, assessment.reference, team, player, requests, now, client), followed)


def mark_text(mark: Mark | CapacityFinding, reference: Reference) -> str:
    """All there is to say about a mark, as light Markdown."""
    commitment = reference.commitments.get(mark.commitment)
    instrument = reference.instruments.get(mark.instrument)
    text = plain(instrument.title if instrument else mark.instrument)
    title = plain(commitment.title) if commitment else mark.commitment
    lines = [f"## {title}", "", f"{text}, {plain(mark.clause)}", ""]
    if commitment is not None:
        lines += [f"> {' '.join(commitment.says.split())}", ""]
    lines += [
        _("**Why**, at {exercise_time}: {reason}").format(
            exercise_time=exercise_time(mark.exercise), reason=plain(mark.reason)
        ),
        "",
    ]
    if isinstance(mark, Mark):
        lines += [_("**How the grade came about**"), ""]
        lines += [
            _("1. Proposed: {signs} {value}, {who}.").format(
                signs=SIGNS[mark.proposed], value=_(mark.proposed.value), who=_who(mark.source)
            )
        ]
        lines += [f"{number}. {sentence(step)}" for number, step in enumerate(mark.adjustments, 2)]
        lines += [
            _("{count}. It stands at: {signs} **{value}**.").format(
                count=len(mark.adjustments) + 2, signs=SIGNS[mark.grade], value=_(mark.grade.value)
            ),
            "",
        ]
        if mark.knowing:
            lines += [_("The act was done knowingly."), ""]
        if mark.self_proposed:
            lines += [_("**Self-proposed:** the team's own mapping, until an evaluator has looked at it."), ""]
        if mark.observation:
            lines += [_("**Observed, not scored:** it does not count in any figure."), ""]
    else:
        lacked = _(" It lacked: {value}.").format(value=_(mark.lacking.value)) if mark.lacking else ""
        lines += [
            _("**Unable.** The team could not do what the text asks, which is no breach.{lacked}").format(
                lacked=lacked
            ),
            "",
        ]
        lines += [_("Found {who}.").format(who=_who(mark.source)), ""]
    if mark.voided:
        lines += [_("**Void:** exercise control has taken it out of the figures."), ""]
    return "\n".join(lines)


def _who(source: str) -> str:
    if source == "tag":
        return _("by the program, from what the scenario says about the option taken")
    if source == "self-proposed":
        return _("by the team itself")
    if source == "evaluator":
        return _("by an evaluator, in addition to those of the program")
    return _("by the program, which looked in the log for: {replace}").format(replace=plain(source.replace("-", " ")))
