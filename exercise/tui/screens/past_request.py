"""One request to look back at: all that it says and every step of it, with nothing to be done about it any more."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from exercise.core.reference import Reference
from exercise.core.requests.views import RequestView
from exercise.language import N_, _
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.grades import CHIP
from exercise.tui.widgets.prose import ProseView, safe
from exercise.tui.widgets.request_words import request_course, request_says, request_text

__all__ = ["PastRequestScreen", "request_of"]

_OCCASION = "request:r"


class PastRequestScreen(ExerciseScreen[None]):
    """Opened from the hot wash, from the replay and from a mark; `own` is the team whose board it is from."""

    TITLE_WORDS = N_("a request to look back at")
    HELP = N_("""
This is **one request** with all it said and all that became of it, step by step. What its kind demanded and nobody
said stands as **✕ missing**. Where there is room, its course stands at the right; **tab** goes there.

**l** opens the text that it rested on.
""")
    BINDINGS = [Binding("l", "clause", "Clause", tooltip="Read the text that it rested on")]
    CSS = """
    PastRequestScreen #past-title { height: 1; padding: 0 1; background: $panel; }
    PastRequestScreen #past-says { width: 1fr; height: 1fr; }
    PastRequestScreen #past-course { width: 50; height: 1fr; display: none; }
    PastRequestScreen.-wide #past-course, PastRequestScreen.-very-wide #past-course { display: block; }
    """

    def __init__(self, request: RequestView, reference: Reference, now: int | None, own: str = "") -> None:
        super().__init__()
        self._request, self._reference, self._now, self._own = request, reference, now, own

    def body(self) -> ComposeResult:
        request = self._request
        ends = request.other
        if self._own:
            ends = f"{request.other} → {self._own}" if request.incoming else f"{self._own} → {request.other}"
        yield Static(
            Content.assemble(CHIP, (_("  Request "), "$foreground 65%"), safe(f"{request.number} · {ends}", "bold")),
            id="past-title",
        )
        with Horizontal():
            yield ProseView(id="past-says", classes="panel")
            yield ProseView(id="past-course", classes="panel")

    def on_mount(self) -> None:
        self.query_one("#past-course", ProseView).border_title = _("Its course")
        self.query_one("#past-says", ProseView).border_title = _("What it says")
        self.query_one("#past-says").focus()
        self.say("")

    def on_resize(self, event: Resize) -> None:
        """Its course beside it where there is room, else below it."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        for_all = not self._own
        tell = request_text if self.has_class("-narrow") else request_says
        text = tell(self._request, self._reference, self._now, for_all=for_all)
        self.query_one("#past-says", ProseView).show(text, keep_place=True)
        self.query_one("#past-course", ProseView).show(request_course(self._request, for_all=for_all), keep_place=True)

    def hint(self) -> str:
        clause = _("l reads what it rested on · ") if self._basis is not None else ""
        return _("arrows scroll · {clause}esc goes back").format(clause=clause)

    @property
    def _basis(self) -> str | None:
        form = self._request.form
        named = self._request.basis or (form.basis if form is not None else ())
        return next((id for id in named if id in self._reference.commitments), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "clause" or self._basis is not None

    def action_clause(self) -> None:
        from exercise.tui.screens.commitments import CommitmentsScreen

        self.app.push_screen(CommitmentsScreen(self._reference, at=self._basis))


def request_of(occasion: str, requests: tuple[RequestView, ...]) -> RequestView | None:
    """The request that a mark's occasion names, among all of a log in the order they were sent; None for others."""
    number = occasion.removeprefix(_OCCASION)
    if number == occasion or not (number.isascii() and number.isdigit()) or not 0 < int(number) <= len(requests):
        return None
    return requests[int(number) - 1]
