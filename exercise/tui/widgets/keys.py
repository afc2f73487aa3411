"""The bottom line: the keys that do something now, as many as fit whole, clickable."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from exercise.language import _

__all__ = ["KeyBar"]

_NAMES = {
    "escape": "esc",
    "question_mark": "?",
    "ctrl+p": "^p",
    "ctrl+q": "^q",
    "ctrl+s": "^s",
    "enter": "enter",
    "left": "←",
    "right": "→",
}
_ALWAYS = ("help", "back")
"""Actions that never give way to others on a narrow screen."""


class KeyBar(Widget):
    """One drawn line in place of a widget for each key; what does not fit stays in the menu and in the help."""

    DEFAULT_CSS = """
    KeyBar { height: 1; background: $panel; color: $foreground; }
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        """The hints in the order of the bindings, help and back last."""
        shown: dict[str, tuple[Binding, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in shown:
                space = "app" if active.node is self.app else "screen" if active.node is self.screen else "focused"
                shown[binding.action] = (binding, space)
        pairs = [_hint(binding, space) for action, (binding, space) in shown.items() if action not in _ALWAYS]
        last = [_hint(*shown[action]) for action in reversed(_ALWAYS) if action in shown]
        room = self.size.width - 1 - sum(hint.cell_length for hint in last)
        line = Content("")
        for hint in pairs:
            if line.cell_length + hint.cell_length > room:
                break
            line += hint
        gap = max(0, room - line.cell_length)
        return Content("").join([Content(" "), line, Content(" " * gap), *last])


def _hint(binding: Binding, space: str) -> Content:
    key = binding.key_display or _NAMES.get(binding.key, binding.key)
    press = Style.from_meta({"@click": f"{space}.{binding.action}" if "." not in binding.action else binding.action})
    return Content.assemble((f"{key} ", "bold $primary"), (f"{_(binding.description)}  ", "$foreground")).stylize(press)
