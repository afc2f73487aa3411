"""What stands over every screen of a hosted exercise: a line on the link to the hub, and exercise control's curtain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from textual.content import Content
from textual.geometry import Offset
from textual.widget import Widget

from exercise.language import Told, _
from exercise.tui.console.big_type import big, fits
from exercise.tui.widgets.banner import exercise_mark
from exercise.tui.widgets.prose import safe

if TYPE_CHECKING:
    from textual.screen import Screen

    from exercise.core.views import CurtainView

__all__ = ["Curtain", "Notice", "NoticeLine", "dress"]


class Notice(NamedTuple):
    """A line that is to be seen wherever one is."""

    kind: Literal["trouble", "news", "along"]
    text: str


_KINDS = ("trouble", "news", "along")
_SIGNS = Told({"trouble": "✕ NOT CONNECTED", "along": "◌ READING ALONG"})


class NoticeLine(Widget):
    """Takes its lines from the top of a screen, a form's included, and pushes the rest down instead of hiding it."""

    DEFAULT_CSS = """
    NoticeLine { split: top; width: 1fr; height: auto; max-height: 3; padding: 0 1; text-style: bold; }
    NoticeLine.-trouble { background: $error; color: auto; }
    NoticeLine.-news { background: $primary; color: auto; }
    NoticeLine.-along { background: $warning 40%; color: auto; }
    """

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self._notice = notice

    def on_mount(self) -> None:
        self.put(self._notice)

    def put(self, notice: Notice) -> None:
        """Say something else."""
        if notice == self._notice and self.has_class(f"-{notice.kind}"):
            return
        self._notice = notice
        for kind in _KINDS:
            self.set_class(kind == notice.kind, f"-{kind}")
        self.refresh(layout=True)

    def render(self) -> Content:
        """The sign in words, then the line."""
        sign = "➜" if self._notice.kind == "news" else _SIGNS[self._notice.kind]
        return Content(f"{sign} ") + safe(" ".join(self._notice.text.split()))


class Curtain(Widget):
    """Covers a screen whole; what lies below stays as it was, half-written forms too."""

    DEFAULT_CSS = """
    Curtain { dock: top; layer: curtain; width: 100%; height: 100%; content-align: center middle;
              text-align: center; padding: 1 4; background: $panel; color: $foreground; }
    Curtain.-no-duff { background: $error; color: auto; border: heavy $foreground; }
    """

    def __init__(self, curtain: CurtainView, trouble: str = "") -> None:
        super().__init__()
        self._curtain, self._trouble = curtain, trouble

    def on_mount(self) -> None:
        self.put(self._curtain, self._trouble)

    def put(self, curtain: CurtainView, trouble: str) -> None:
        """Show another curtain, or the same with another word on the link."""
        self._curtain, self._trouble = curtain, trouble
        self.set_class(curtain.kind == "no-duff", "-no-duff")
        self.refresh()
        self.app.cursor_position = Offset(0, 0)

    def render(self) -> Content:
        """Words that need no colour, large where there is room."""
        width, height = self.content_size
        if self._curtain.kind == "no-duff":
            above = [Content.styled("REAL WORLD – NO DUFF", "bold"), Content("")]
            if fits("NO DUFF", width) and height >= 20:
                above += [*(Content(line) for line in _block(big("NO DUFF"))), Content("")]
            above += [Content.styled(_("This is not part of the exercise. Stop playing now."), "bold"), Content("")]
            below = [
                Content(_("Look to the facilitator, and do as they say.")),
                Content(_("The exercise stands still.")),
            ]
        else:
            above = [exercise_mark(), Content("")]
            above += [Content.styled(_("Please look up: exercise control has the room."), "bold"), Content("")]
            below = [Content.styled(_("Your screen comes back by itself, as you left it."), "$foreground 65%")]
        if self._trouble:
            below += [Content(""), Content.styled(_("✕ Not connected: "), "bold") + safe(_(self._trouble))]
        # However long control's words are, what to do is not pushed off the screen.
        said = safe(self._curtain.text.strip()).wrap(max(1, width))[: max(1, height - len(above) - len(below) - 1)]
        if self._curtain.text.strip():
            below = [*said, Content(""), *below]
        return Content("\n").join([*above, *below])


def dress(screen: Screen[Any], notice: Notice | None, curtain: CurtainView | None, trouble: str) -> None:
    """Bring what stands over a screen up to date; a screen needs to know nothing of it."""
    # They stand on the screen itself: the hundred widgets below need not be asked.
    line = next((child for child in screen.children if isinstance(child, NoticeLine)), None)
    cover = next((child for child in screen.children if isinstance(child, Curtain)), None)
    if notice is None and line is not None:
        line.remove()
    elif notice is not None and line is not None:
        line.put(notice)
    elif notice is not None:
        screen.mount(NoticeLine(notice))
    if curtain is None and cover is not None:
        cover.remove()
    elif curtain is not None and cover is not None:
        cover.put(curtain, trouble)
    elif curtain is not None:
        screen.mount(Curtain(curtain, trouble))


def _block(lines: list[str]) -> list[str]:
    """Lines of one width, so that each is centred alike."""
    width = max(map(len, lines))
    return [line.ljust(width).replace(" ", "\u00a0") for line in lines]
