"""Help for the screen one is on: what it is for in plain words, then every key it knows."""

from __future__ import annotations

import re
from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen

from exercise.language import N_, _
from exercise.tui.app import told
from exercise.tui.screens.base import ExerciseScreen
from exercise.tui.widgets.prose import ProseView

__all__ = ["HelpScreen"]

_NAMES = {"question_mark": "?", "escape": "esc", "left": "←", "right": "→", "up": "↑", "down": "↓"}
_NAMES |= {"pageup": N_("page up"), "pagedown": N_("page down")}
_BY_TAB = {"tab", "shift+tab"}
"""Textual's own keys, which the words on what holds everywhere tell of already."""
_COPY = N_("Copy selected text")
"""What Textual calls its other own key."""
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_DIGITS = re.compile(r"\*\*(\d)\*\* to \*\*(\d)\*\*")


class HelpScreen(ExerciseScreen[None]):
    """Over any screen; `esc` goes back to it."""

    TITLE_WORDS = N_("help")
    HINT = N_("Scroll with the arrows. esc takes you back to where you were.")
    CSS = """
    HelpScreen ProseView { margin: 0 1; }
    """

    def __init__(self, title: str, text: str, asked_from: Screen[Any]) -> None:
        super().__init__()
        self._words = _("# Help: {title}\n\n{text}\n\n## Keys here\n\n{keys}\n\n{everywhere}").format(
            title=title, text=text.strip(), keys=_keys(asked_from, text), everywhere=_(_EVERYWHERE)
        )

    def body(self) -> ComposeResult:
        yield ProseView(self._words, classes="panel")

    def on_mount(self) -> None:
        self.query_one(ProseView).focus()

    def action_help(self) -> None:
        """Asked again, it closes."""
        self.dismiss()


_EVERYWHERE = N_("""## Everywhere

- **tab** and **shift+tab** go from one part of the screen to the next; **arrows**, **page up** and **page down** move.
- **enter** opens or takes what is marked. A mouse works too.
- **ctrl+p** opens a menu of everything that can be done here, and of the colours.
- **?** opens the help of a screen; **F1** does so too, also where you are writing.
- **esc** goes back. Nothing is lost without being asked.
- **ctrl+q** leaves the program. A game is kept.""")


def _keys(screen: Screen[Any], text: str) -> str:
    """A line for each key of the screen, but for those that do not stand at its foot and are explained in its text."""
    explained = set(_BOLD.findall(text)) | _BY_TAB
    for first, last in _DIGITS.findall(text):
        explained |= {str(digit) for digit in range(int(first), int(last) + 1)}
    lines, seen = [], set()
    for key, active in screen.active_bindings.items():
        binding = active.binding
        name = binding.key_display or _(_NAMES.get(key, key))
        if active.node is not screen or binding.action in seen or binding.system or not binding.description:
            continue
        if not told(binding) and name in explained:
            continue
        seen.add(binding.action)
        lines.append(f"- **{name}** {_(binding.tooltip or binding.description)}")
    return "\n".join(lines)
