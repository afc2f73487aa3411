"""The parts that forms about requests are made of: questions, things to tick, and conditions in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from exercise.core.requests.kinds import Purpose, Tlp
from exercise.language import _
from exercise.tui.request_draft import HandlingDraft
from exercise.tui.widgets.choices import Choices, Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import PURPOSES, TLPS
from exercise.tui.widgets.writing import OneLine

__all__ = ["AT_ONCE", "HandlingFields", "label", "ticks"]

QUIET = "$foreground 65%"

AT_ONCE = (
    Binding("tab", "app.focus_next", "Next field", show=False, priority=True, tooltip="The next field"),
    Binding("shift+tab", "app.focus_previous", "Field before", show=False, priority=True, tooltip="The field before"),
)
"""From field to field in a form. A field works off its keys one by one, and by the time it came to this one what was
typed fast behind it would have been given to it as well: so it is looked at before any field is."""


def label(question: str, explained: str = "", *, mark: str = "", id: str | None = None) -> Static:
    """A question with what explains it below, and above it a line such as `1 of 6 · demanded`."""
    return Static(label_text(question, explained, mark=mark), classes="label", markup=False, id=id)


def label_text(question: str, explained: str = "", *, mark: str = "") -> Content:
    """The words of a label."""
    words = safe(f"{mark}\n", "bold") if mark else Content("")
    words += safe(question, "bold $primary")
    return words + safe(f"\n{explained}", QUIET) if explained else words


def ticks(
    rows: Iterable[tuple[str, str, str]], chosen: Collection[str | None], *, many: bool = False
) -> Iterator[tuple[str, Lines]]:
    """Rows to tick: id, words, and more words that explain them; with `many` more than one may be ticked."""
    for key, words, explained in rows:
        on_sign, off_sign = ("[x] ", "[ ] ") if many else ("(●) ", "( ) ")
        content = safe(words, "bold" if key in chosen else "")
        content += safe(f" · {explained}", QUIET) if explained else Content("")
        yield key, Lines((on_sign if key in chosen else off_sign, content))


class HandlingFields(Vertical):
    """How far something may go, what for, and in which further words; writes into the draft it was given."""

    DEFAULT_CSS = """
    HandlingFields { height: auto; }
    HandlingFields Choices { height: auto; max-height: 12; max-width: 110; background: $surface; }
    HandlingFields .label { margin-top: 1; height: auto; }
    HandlingFields #handling-more { height: auto; }
    """

    def __init__(self, draft: HandlingDraft, question: str, explained: str, *, must: bool = False) -> None:
        super().__init__(id="handling")
        self._draft, self._question, self._explained, self._must = draft, question, explained, must

    def put(self, explained: str, *, must: bool) -> None:
        """Say otherwise what the conditions are on, and whether some have to be stated."""
        self._explained, self._must = explained, must
        self.query_one("#handling-label", Static).update(label_text(self._question, explained))
        self._fill()

    def compose(self) -> ComposeResult:
        yield label(self._question, self._explained, id="handling-label")
        yield Choices(id="tlp", one_click=True)
        with Vertical(id="handling-more"):
            yield label(_("What may it be used for?"))
            yield Choices(id="purpose", one_click=True)
            yield label(_("Any other condition?"), _("In your own words, such as: do not name the source."))
            yield OneLine(self._draft.words, id="handling-words", max_length=300, compact=True, classes="line")

    def on_mount(self) -> None:
        self._fill()

    def _fill(self) -> None:
        draft = self._draft
        first = [] if self._must else [("none", _("Not stated"), _("no condition is set"))]
        tlps = [*first, *((tlp.value, mark, meaning) for tlp, (mark, meaning) in TLPS.items())]
        none = None if self._must else "none"
        self.query_one("#tlp", Choices).show(ticks(tlps, {draft.tlp.value if draft.tlp else none}))
        purposes = [(purpose.value, words[:1].upper() + words[1:], "") for purpose, words in PURPOSES.items()]
        purpose = draft.purpose or (None if self._must else Purpose.ANY)
        self.query_one("#purpose", Choices).show(ticks(purposes, {purpose.value if purpose else None}))
        self.query_one("#handling-more").display = draft.tlp is not None

    @on(OptionList.OptionSelected, "#tlp")
    def _go_so_far(self, event: OptionList.OptionSelected) -> None:
        self._draft.tlp = None if event.option_id in (None, "none") else Tlp(event.option_id)
        self._fill()

    @on(OptionList.OptionSelected, "#purpose")
    def _use_for(self, event: OptionList.OptionSelected) -> None:
        self._draft.purpose = Purpose(event.option_id or Purpose.ANY)
        self._fill()

    @on(Input.Changed)
    def _further(self, event: Input.Changed) -> None:
        self._draft.words = event.value
