"""The board of decisions: what each team has before it, how far it has come, and what it has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.visual import Visual
from textual.widgets import OptionList

from exercise.core.commands import ExtendWindow, ReopenDecision
from exercise.core.control.commands import CloseDecision
from exercise.core.teamwork.commands import CloseVote
from exercise.language import N_, Told, _, ngettext
from exercise.tui.console.base import ConsoleScreen
from exercise.tui.console.corrections import WhyScreen
from exercise.tui.screens.confirm import AskScreen
from exercise.tui.screens.picker import clause
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.times import exercise_time, play_left
from exercise.tui.widgets.vote_words import listed
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.reference import Reference
    from exercise.core.views import AnswerView, DecisionView, FacilitatorView
    from exercise.session.control import Control

__all__ = ["DecisionsScreen", "decision_detail", "decision_title"]

MORE_TIME = 300
"""Seconds of play that one press of + gives."""

_LONGEST = 24 * 60
"""Minutes that a window can be given at once."""


class DecisionsScreen(ConsoleScreen[None]):
    """Open ones of every team first, the most urgent at the top; then answered and lapsed ones, the latest first."""

    CSS_PATH = "decisions.tcss"
    TITLE_WORDS = N_("decisions")
    HINT = N_("+ gives the marked decision five minutes more, e as many as you say.")
    HELP = N_("""
Every decision of every team. Open ones come first, the most urgent at the top.

- **+** gives the marked decision five minutes more, **e** as many as you say.
- **k** closes it now: it lapses, with what the scenario has for that. It is asked first.
- **v** closes a vote: the option with most votes is the answer. It is asked first.
- **r** puts an answered or lapsed decision again; write why. What came of the answer stays; **b** on the main screen
  goes back to before it.
- **o** shows only open ones.

Beside the list stand the options, who is for which, the reason being written at this moment, and after the answer the
option that was taken, with its reason.
""")
    BINDINGS = [
        Binding("plus", "extend", "+5 min", key_display="+", tooltip="Five minutes more for the marked decision"),
        Binding("e", "extend_by", "Extend", tooltip="More time, as many minutes as you say"),
        Binding("k", "close", "Close", tooltip="Close the marked decision now; it lapses"),
        Binding("v", "close_vote", "Close vote", tooltip="The option with most votes is the answer"),
        Binding("r", "reopen", "Reopen", tooltip="Put the marked decision again"),
        Binding("o", "open_only", "Open only", tooltip="Only open decisions, or all"),
    ]

    def __init__(self, control: Control, first: str = "") -> None:
        super().__init__(control)
        self._first = first
        """The decision to begin at."""
        self._open_only = False
        self._read = ""

    def page(self) -> ComposeResult:
        with Horizontal(id="decisions-both"):
            yield Choices(id="decisions-list", classes="panel", mark_first=True)
            yield ProseView(id="decisions-detail", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#decisions-list", Choices).focus()

    def refresh_page(self) -> None:
        view = self.control.view()
        found = sorted(view.decisions, key=_urgency)
        if self._open_only:
            found = [pair for pair in found if pair[1].status == "open"]
        rows: list[tuple[str, Content | Visual]] = [
            (decision.id, _row(team, decision, view)) for team, decision in found
        ]
        nothing = _("No decision is open.") if self._open_only else _("No decision has been put yet.")
        self.query_one("#decisions-list", Choices).show(rows or [("#none", safe(nothing, "$foreground 65%"))])
        if self._first:
            self.query_one("#decisions-list", Choices).choose(self._first)
            self._first = ""
        count = sum(decision.status == "open" for _unused, decision in view.decisions)
        self.query_one("#decisions-list").border_title = _("Decisions · {count} open").format(count=count)
        self._show_detail()

    def _show_detail(self) -> None:
        pane, found = self.query_one("#decisions-detail", ProseView), self._marked()
        view, reference = self.control.view(), self.control.reference
        text = decision_detail(*found, view, reference) if found else _("Nothing is marked.")
        title = decision_title(*found) if found else ""
        pane.show(text, keep_place=title == self._read)
        self._read, pane.border_title = title, safe(title)

    def _marked(self) -> tuple[str, DecisionView] | None:
        chosen = self.query_one("#decisions-list", Choices).chosen
        return next((pair for pair in self.control.view().decisions if pair[1].id == chosen), None)

    def _open_one(self) -> DecisionView | None:
        """The marked decision if it is open; else says why nothing happens."""
        found = self._marked()
        if found is None:
            self.say(_("No decision is marked."))
            return None
        if found[1].status != "open":
            self.say(_SETTLED[found[1].status])
            return None
        return found[1]

    @on(OptionList.OptionHighlighted, "#decisions-list")
    def _moved(self) -> None:
        self._show_detail()

    @on(OptionList.OptionSelected, "#decisions-list")
    def _taken(self) -> None:
        self.query_one("#decisions-detail").focus()

    def action_open_only(self) -> None:
        self._open_only = not self._open_only
        self.refresh_page()

    async def action_extend(self) -> None:
        if (decision := self._open_one()) is not None:
            await self._extend(decision, MORE_TIME)

    def action_extend_by(self) -> None:
        decision = self._open_one()
        if decision is None:
            return

        def typed(text: str | None) -> None:
            if text is None:
                return
            minutes = text.strip().removesuffix("min").removesuffix("m").strip()
            if minutes.isascii() and minutes.isdigit() and 0 < int(minutes) <= _LONGEST:
                self.run_worker(self._extend(decision, 60 * int(minutes)))
            else:
                self.say(
                    _("How many minutes? A whole number from 1 to {longest}.").format(longest=_LONGEST), wrong=True
                )

        self.app.push_screen(AskScreen(_("How many minutes more?"), plain(decision.title), value="10"), typed)

    async def _extend(self, decision: DecisionView, seconds: int) -> None:
        minutes = seconds // 60
        said = ngettext("{minutes} minute more: {title}", "{minutes} minutes more: {title}", minutes).format(
            minutes=minutes, title=decision.title
        )
        await self.asked(self.control.submit(ExtendWindow(decision=decision.id, seconds=seconds)), said)

    def action_close(self) -> None:
        if (decision := self._open_one()) is not None:
            command = CloseDecision(decision=decision.id)
            text = _("Its window ends at this moment and it **lapses**.")
            if decision.vote.voting:
                text += " " + _("To take the votes there are instead, use **v**.")
            self.sure(
                _("Close “{title}” now?").format(title=decision.title),
                text,
                lambda: self.control.submit(command),
                yes=_("Close it"),
                done=_("Closed: {title}").format(title=decision.title),
            )

    def action_close_vote(self) -> None:
        if (decision := self._open_one()) is not None:
            if not decision.vote.voting:
                self.say(_("No vote is running on it: one answers for the team."))
                return
            command = CloseVote(decision=decision.id)
            self.sure(
                _("Close the vote on “{title}”?").format(title=decision.title),
                _("The option with most votes becomes the answer."),
                lambda: self.control.submit(command),
                yes=_("Close the vote"),
                done=_("The vote is closed: {title}").format(title=decision.title),
            )

    def action_reopen(self) -> None:
        found = self._marked()
        if found is None or found[1].status == "open":
            self.say(_("It is open still.") if found else _("No decision is marked."))
            return
        decision = found[1]

        def answered(why: str | None) -> None:
            if why is not None:
                asking = self.control.submit(ReopenDecision(decision=decision.id, why=why))
                self.run_worker(self.asked(asking, _("Put again: {title}").format(title=decision.title)))

        text = _("The team decides anew. What came of the first answer stays as it is.")
        self.app.push_screen(
            WhyScreen(_("Put “{title}” again?").format(title=decision.title), text, yes=_("Put it again")), answered
        )


_SETTLED = Told({"chosen": "It has been answered; r puts it again.", "lapsed": "It has lapsed; r puts it again."})


def _urgency(pair: tuple[str, DecisionView]) -> tuple[int, int]:
    decision = pair[1]
    if decision.status == "open":
        return (0, decision.closes)
    return (1, -(decision.answer.play if decision.answer else decision.closes))


def _state(decision: DecisionView, play: int) -> tuple[str, str, str]:
    """A sign, the state in words, and the style of both."""
    if decision.status == "open":
        left = decision.closes - play
        return (
            "◆ ",
            _("closing now") if left <= 0 else _("open, {play_left} left").format(play_left=play_left(left, live=True)),
            "bold $text-warning",
        )
    if decision.status == "lapsed":
        return "○ ", _("lapsed unanswered"), "$foreground 65%"
    if decision.answer is None:
        return "◇ ", _("answered"), "$foreground 65%"
    at = exercise_time(decision.answer.exercise)
    return "◇ ", _("answered at {exercise_time}").format(exercise_time=at), "$foreground 65%"


def _row(team: str, decision: DecisionView, view: FacilitatorView) -> Lines:
    sign, words, style = _state(decision, view.clock.play)
    first = safe(f"{team} · ", "bold") + Content.styled(words, style)
    lines = [(sign, first), ("  ", safe(" ".join(decision.title.split())))]
    if decision.status == "open" and (doing := _doing(decision, view)):
        lines.append(("  ", safe(doing, "$foreground 65%")))
    return Lines(*lines)


def _doing(decision: DecisionView, view: FacilitatorView) -> str:
    """How far the team has come, in one line."""
    vote = decision.vote
    parts = []
    if vote.voting:
        parts.append(
            _("{count} of {count2} have voted").format(
                count=len(vote.ballots), count2=len(vote.ballots) + len(vote.missing)
            )
        )
    for _unused, draft in view.drafts:
        if draft.subject == decision.id and (draft.text or draft.who):
            parts.append(_("{who} writes the reason").format(who=draft.who) if draft.who else _("a reason is drafted"))
    return " · ".join(parts)


def decision_title(team: str, decision: DecisionView) -> str:
    """Whose it is and what it is about, in one line."""
    return " ".join(f"{team}: {decision.title}".split())


def decision_detail(team: str, decision: DecisionView, view: FacilitatorView, reference: Reference) -> str:
    """All there is to say of a decision, as light Markdown."""
    _unused, words, _unused = _state(decision, view.clock.play)
    kind = _("quick decision") if decision.kind == "quick" else _("dilemma")
    times = ngettext(" · put {count} time", " · put {count} times", decision.revision)
    again = times.format(count=decision.revision) if decision.revision > 1 else ""
    parts = [f"**{words[:1].upper()}{words[1:]}** · {kind}{again}"]
    if decision.answer is not None:
        parts.append(_answer(decision.answer, reference))
    elif decision.status == "lapsed":
        parts.append(_("### What came of it\n\n{lapse_text}").format(lapse_text=decision.lapse_text))
    vote = decision.vote
    if decision.status == "open":
        if vote.voting:
            parts.append(
                _("Still to vote: {missing}.").format(
                    missing=plain(listed(vote.missing)) or _("nobody; they do not agree")
                )
            )
        elif vote.pen:
            parts.append(_("{pen} answers for the team.").format(pen=plain(vote.pen)))
        elif decision.role:
            parts.append(_("{role} holds the pen.").format(role=plain(decision.role)))
    for _unused, draft in view.drafts:
        if draft.subject == decision.id and decision.status == "open" and (draft.text or draft.who):
            who = _("{who} has the pen").format(who=plain(draft.who)) if draft.who else _("nobody has the pen")
            parts.append(
                _("### The reason being written ({who})\n\n{quoted}").format(
                    who=who, quoted=_quoted(draft.text) or _("*nothing yet*")
                )
            )
    if decision.options:
        lines = []
        for option in decision.options:
            for_it = [ballot for ballot in vote.ballots if ballot.option == option.id]
            lines.append(f"- **{option.letter}** {plain(option.title)}")
            lines += [f"  - {plain(b.who)}: {plain(b.reason) or _('no reason given')}" for b in for_it]
        parts.append(_("### Options\n\n") + "\n".join(lines))
    elif vote.ballots:
        lines = [f"- {plain(b.who)}: {plain(b.title)}" for b in vote.ballots]
        parts.append(_("### The votes\n\n") + "\n".join(lines))
    parts.append(_("### The question\n\n{text}").format(text=decision.text))
    return "\n\n".join(parts)


def _answer(answer: AnswerView, reference: Reference) -> str:
    own = _("In their own words: ") if answer.own_words else ""
    parts = [f"### {own}{plain(answer.option)}", f"{_quoted(answer.reason) or _('*No reason was given.*')}"]
    if ids := [item.commitment for item in answer.set_aside]:
        parts.append(_("Set aside: ") + "; ".join(plain(clause(reference, id)) for id in dict.fromkeys(ids)))
    for kind, exercise, text in answer.followed_up:
        what = _("told those affected") if kind == "told" else _("came back to it")
        parts.append(f"{exercise_time(exercise)} {what}: {plain(text)}")
    return "\n\n".join(parts)


def _quoted(text: str) -> str:
    """A participant's words as a quote, line by line, so that nothing in them looks like the screen's own."""
    return "\n".join(f"> {plain(line)}" for line in text.splitlines() if line.strip())
