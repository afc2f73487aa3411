"""The evidence a team holds: where it came from, when, on what conditions, and passing it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from exercise.core.requests.kinds import Purpose
from exercise.language import N_, _
from exercise.tui.composing import Composer, consent_for, start_request
from exercise.tui.screens.against import ask_consent
from exercise.tui.screens.browse import BrowseScreen
from exercise.tui.widgets.choices import Lines
from exercise.tui.widgets.prose import safe
from exercise.tui.widgets.request_words import TLPS, handling_text
from exercise.tui.widgets.times import exercise_time
from exercise.tui.widgets.words import plain

if TYPE_CHECKING:
    from exercise.core.views import EvidenceView

__all__ = ["EvidenceScreen"]


class EvidenceScreen(BrowseScreen):
    """What the team knows and can show; the conditions stand first, for they are what is forgotten."""

    TITLE_WORDS = N_("evidence")
    EMPTY = N_("Your team holds no evidence yet. Some of your decisions bring in more, and so do requests.")
    HELP = N_("""
Pieces of evidence reach your team through what you decide and ask for. Each says where it came from, and whether it was
given on a condition, for instance that it is not passed on.

**o** passes the marked piece on: it begins a request that encloses it. **a** asks whoever gave it for leave to use it
beyond the conditions.
""")
    BINDINGS = [
        Binding("o", "pass_on", "Pass on …", tooltip="Begin a request that encloses the marked piece"),
        Binding("a", "consent", "Ask for consent", tooltip="Ask whoever gave it for leave to pass it on"),
    ]

    def on_mount(self) -> None:
        self.refresh_hint()

    @on(OptionList.OptionHighlighted, "#rows")
    def _marked_another(self) -> None:
        self.refresh_hint()

    def hint(self) -> str:
        if self.check_action("consent", ()):
            return _("o: pass the marked piece on. a: ask its giver for consent. esc goes back.")
        if self.check_action("pass_on", ()):
            return _("o: pass the marked piece on. esc goes back.")
        return _("What your team holds, and on what conditions it got it. esc goes back.")

    def entries(self) -> list[tuple[str, Content | Lines, str]]:
        view = self._client.view()
        return [
            (
                piece.id or f"+{number}",
                Lines(("", safe(piece.title)), *(("  ", line) for line in _row(piece, view.team_short))),
                _card(piece, view.team_short),
            )
            for number, piece in enumerate(view.evidence)
        ]

    def _piece(self) -> EvidenceView | None:
        return next((piece for piece in self._client.view().evidence if piece.id and piece.id == self.marked), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("pass_on", "consent"):
            return True
        view, piece = self._client.view(), self._piece()
        if piece is None or view.clock.phase == "ended" or not view.kinds:
            return False
        bound = piece.handling is not None and piece.giver not in ("", view.team_short)
        return action == "pass_on" or (bound and consent_for(view, piece) is not None)

    def action_pass_on(self) -> None:
        if (piece := self._piece()) is not None:
            composer = Composer(self.program, self._client, live=self._live, now=self._now, done=self._sent)
            start_request(composer, encloses=[piece.id])

    def action_consent(self) -> None:
        if (piece := self._piece()) is not None:
            ask_consent(self, self._client, piece, live=self._live)

    def _sent(self, said: str) -> None:
        self.show_entries()
        self.call_later(self.say, said)


def _row(piece: EvidenceView, own: str) -> list[Content]:
    lines = [safe(piece.source or _("own finding"), "$foreground 65%")]
    if piece.lifted:
        lines.append(safe(_("✓ conditions lifted"), "bold"))
    elif piece.handling is not None and piece.giver != own:
        purpose = piece.handling.purpose
        only = _(", {purpose} only").format(purpose=_(purpose.value)) if purpose is not Purpose.ANY else ""
        lines.append(safe(f"{TLPS[piece.handling.tlp][0]}{only}", "bold"))
    return lines


def _card(piece: EvidenceView, own: str) -> str:
    lines = [_("**From** {source}").format(source=plain(piece.source) or _("own finding"))]
    if piece.giver and piece.giver != own:
        lines.append(
            _("**Given by** {giver}, {exercise_time}").format(
                giver=plain(piece.giver), exercise_time=exercise_time(piece.exercise)
            )
        )
    elif piece.id:
        lines.append(_("**Since** {exercise_time}").format(exercise_time=exercise_time(piece.exercise)))
    if piece.lifted:
        lines.append(_("**Conditions** ✓ lifted by whoever gave it: it may be passed on"))
    elif piece.handling is not None and piece.giver == own:
        asked = plain(handling_text(piece.handling))
        lines.append(_("**Conditions** none for you: it is your own. Of others you ask: {asked}").format(asked=asked))
    elif piece.handling is not None:
        lines.append(
            _("**Conditions** {handling_text}").format(handling_text=plain(handling_text(piece.handling, mine=True)))
        )
        lines += [_("**In words** {conditions}").format(conditions=plain(piece.conditions))] if piece.conditions else []
    else:
        lines.append(_("**Conditions** {conditions}").format(conditions=plain(piece.conditions) or _("none")))
    return f"## {plain(piece.title)}\n\n" + "  \n".join(lines) + f"\n\n---\n\n{piece.text}"
