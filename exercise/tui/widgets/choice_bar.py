"""One line of choices, such as the sections of a screen or the teams, of which one is current."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from exercise.core.text import clean_text


class ChoiceBar(Widget):
    """Choices side by side; a click chooses, keys are the screen's. The current one stands in brackets."""

    DEFAULT_CSS = """
    ChoiceBar { height: 1; width: 1fr; }
    """

    class Chosen(Message):
        """Somebody clicked a choice."""

        def __init__(self, bar: ChoiceBar, choice: str) -> None:
            super().__init__()
            self.bar = bar
            self.choice = choice

        @property
        def control(self) -> ChoiceBar:
            return self.bar

    def __init__(
        self, choices: tuple[tuple[str, str], ...] = (), current: str = "", *, label: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._label = label
        choices = _clean(choices)
        self._choices = choices
        self._current = current or (choices[0][0] if choices else "")

    def put(self, choices: tuple[tuple[str, str], ...], current: str) -> None:
        """Shows these choices, ids and labels."""
        choices = _clean(choices)
        if (choices, current) != (self._choices, self._current):
            self._choices, self._current = choices, current
            self.refresh()

    def render(self) -> Content:
        parts: list[Content | str] = []
        for name, label in self._choices:
            if name == self._current:
                parts.append(Content.styled(f"[{label}]", "bold $text-primary"))
            else:
                parts.append(Content.styled(f" {label} ", "$foreground 65%"))
            parts.append(" ")
        start = Content.styled(self._label, "$foreground 65%")
        line = Content.assemble(start, self._from_current(Content.assemble(*parts)))
        width = max(1, self.size.width)
        return line.truncate(width, ellipsis=True) if line.rstrip().cell_length > width else line

    def _from_current(self, content: Content) -> Content:
        """Leaves choices off at the left where the current one would not be seen."""
        start = self._hidden()
        return content[start:] if start else content

    def _hidden(self) -> int:
        """How many characters are left off at the left."""
        cells = chars = 0
        room = self.size.width - cell_len(self._label)
        if self._choices and self._choices[-1][0] == self._current:
            room += 1  # The blank after the last choice need not be seen.
        starts: list[tuple[int, int]] = []
        for name, label in self._choices:
            starts.append((cells, chars))
            cells += cell_len(label) + 3
            chars += len(label) + 3
            if name == self._current:
                break
        for at_cell, at_char in starts:
            if cells - at_cell <= room or (at_cell, at_char) == starts[-1]:
                return at_char
        return 0

    async def _on_click(self, event: events.Click) -> None:
        at, hidden, chars = cell_len(self._label), self._hidden(), 0
        for name, label in self._choices:
            if chars >= hidden:
                at += cell_len(label) + 3
                if cell_len(self._label) <= event.x < at:
                    self.post_message(self.Chosen(self, name))
                    return
            chars += len(label) + 3


def _clean(choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, " ".join(clean_text(label).split())) for name, label in choices)
