"""Picking one commitment of the team's own texts, by words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static

from exercise.language import N_, _, folded
from exercise.tui.screens.base import Dialog
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercise.core.commands import SetAside
    from exercise.core.commitments import Commitment, Profile
    from exercise.core.reference import Reference
    from exercise.tui.draft import Aside

__all__ = ["PickerScreen", "asides", "clause"]


def clause(reference: Reference, id: str) -> str:
    """A commitment in one line: its title, its text and where in it; the id alone where it is unknown."""
    commitment = reference.commitments.get(id)
    return _line(reference, commitment) if commitment else id


def asides(reference: Reference, set_aside: Iterable[Aside | SetAside]) -> str:
    """What was set aside as light Markdown, each with why and how little; what is not said shows its gap."""
    lines: list[str] = []
    for aside in set_aside:
        why, limits = plain(aside.why) or _("✕ not said"), plain(aside.limits) or _("✕ not said")
        lines.append(f"- {plain(clause(reference, aside.commitment))}")
        lines += [f"  - {_('Why: {why}').format(why=why)}", f"  - {_('How limited: {limits}').format(limits=limits)}"]
    return "\n".join([_("**You set aside**"), *lines]) if lines else ""


class PickerScreen(Dialog[str]):
    """Lists what holds for the team on the story's day; says what each asks, and nothing about the decision."""

    TITLE_WORDS = N_("picking a point of your texts")
    HELP = N_("""
These are the points of the texts your team has accepted. Type any words to narrow the list; all of them have to be
found. What the marked point asks is said below the list. **enter** takes it.
""")

    BINDINGS = [
        Binding("down", "step(1)", "Down", show=False),
        Binding("up", "step(-1)", "Up", show=False),
        Binding("pagedown", "read(1)", "Read on", show=False),
        Binding("pageup", "read(-1)", "Read back", show=False),
    ]
    CSS = """
    PickerScreen > Vertical { width: 96%; max-width: 110; height: 94%; border: round $border; background: $surface;
                              padding: 0 1; }
    PickerScreen #found { height: 1fr; min-height: 4; }
    PickerScreen #says { height: 8; border-top: solid $border-blurred; }
    """

    def __init__(self, question: str, reference: Reference, profile: tuple[Profile, ...], day: date) -> None:
        super().__init__()
        self._question, self._reference = question, reference
        standings = reference.standings(profile, day)
        self._all = [c for id, c in reference.commitments.items() if standings[id] in ("applies", "observed")]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(safe(self._question), classes="heading", markup=False)
            yield Input(placeholder=_("Type words to search, such as: warn, preserve, consult"))
            yield Choices(id="found")
            yield ProseView(id="says")
            yield Static(
                _("↑ ↓ move · enter takes it · page down reads on · esc goes back"), classes="quiet", markup=False
            )

    def on_mount(self) -> None:
        self._search("")
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, words: str) -> None:
        wanted = folded(words).split()
        found = [c for c in self._all if all(word in self._haystack(c) for word in wanted)]
        rows = self.query_one("#found", Choices)
        none = Lines(("  ", safe(_("No clause matches."), "$foreground 65%")))
        rows.show([(c.id, self._row(c)) for c in found] or [("#none", none)])
        if rows.chosen is None:
            rows.action_first()
        if not found:
            self.query_one("#says", ProseView).show(_("Nothing in your texts has these words."))

    def _haystack(self, commitment: Commitment) -> str:
        return folded(" ".join((_line(self._reference, commitment), commitment.says, commitment.id, commitment.kind)))

    def _row(self, commitment: Commitment) -> Lines:
        instrument = self._reference.instruments.get(commitment.instrument)
        short = instrument.short if instrument else commitment.instrument
        # The first line hangs out to the left, so that a row of two lines reads as one.
        where = safe(f"  {short}, {commitment.clause}", "$foreground 65%")
        return Lines(("• ", safe(commitment.title) + where))

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        commitment = self._reference.commitments.get(event.option_id or "")
        if commitment is not None:
            title = f"**{plain(_line(self._reference, commitment))}**"
            self.query_one("#says", ProseView).show(f"{title}\n\n{commitment.says}")

    def action_step(self, by: int) -> None:
        self.query_one("#found", Choices).step(by)

    def action_read(self, by: int) -> None:
        self.query_one("#says", ProseView).scroll_relative(y=by * 5, animate=False)

    @on(Input.Submitted)
    def _take_marked(self) -> None:
        if (chosen := self.query_one("#found", Choices).chosen) is not None:
            self.dismiss(chosen)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _line(reference: Reference, commitment: Commitment) -> str:
    instrument = reference.instruments.get(commitment.instrument)
    return f"{commitment.title} ({instrument.short if instrument else commitment.instrument}, {commitment.clause})"
