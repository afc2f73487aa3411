"""A stretch of the replay as a recording for others: which stretch, which file, and the writing of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from exercise.errors import UsageError
from exercise.language import N_, _
from exercise.session.client import Player
from exercise.tui.screens.base import Dialog
from exercise.tui.screens.goto import ASK, place_of
from exercise.tui.widgets.prose import safe


class Stretch(NamedTuple):
    """What is to be recorded, and where it is to be written."""

    first: int
    last: int
    file: Path


class ExportScreen(Dialog[Stretch]):
    """Asks for the first and the last moment, and for a file."""

    TITLE_WORDS = N_("writing a recording")
    HELP = N_("""
Others can watch a stretch of this replay without this program: as a recording for asciinema (a file that ends in
**.cast**), or as a page that plays in any browser, offline too (**.html**). It shows what you see: the perspective you
look with, at the speed you have chosen, with pauses cut. From and to are times such as T+1:30, numbers of entries, or
parts such as 50%.
""")
    DEFAULT_CSS = """
    ExportScreen > Vertical {
        width: 96%; max-width: 76; height: auto; padding: 0 1; background: $surface; border: round $border;
    }
    ExportScreen #export-wrong { height: auto; color: $text-muted; }
    ExportScreen #export-wrong.-wrong { color: $text-error; }
    """

    def __init__(self, player: Player, whose: str, here: int) -> None:
        super().__init__()
        self._player, self._whose, self._here = player, whose, here

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(
                safe(_("Record this replay as seen by {whose}").format(whose=self._whose)),
                classes="heading",
                markup=False,
            )
            yield Static(_("From"), markup=False)
            yield Input("0%", id="export-from", max_length=20)
            yield Static(_("To"), markup=False)
            yield Input("100%", id="export-to", max_length=20)
            yield Static(_("File, ending in .cast or .html"), markup=False)
            yield Input("replay.html", id="export-file", max_length=400)
            yield Static(Content(_("enter: write it · tab: next · esc: leave it")), id="export-wrong", markup=False)

    @on(Input.Submitted)
    def _take(self) -> None:
        first, last, name = (self.query_one(f"#export-{part}", Input).value for part in ("from", "to", "file"))
        begins, ends = place_of(self._player, first), place_of(self._player, last, after=True)
        file = Path(name.strip()).expanduser()
        if begins is None or ends is None:
            self._wrong(_(ASK))
        elif begins >= ends:
            self._wrong(
                _("Nothing lies between entry {begins} and entry {ends}; the end must be later.").format(
                    begins=begins, ends=ends
                )
            )
        elif file.suffix not in (".cast", ".html"):
            self._wrong(_("The file's name has to end in .cast or .html."))
        elif file.exists():
            self._wrong(_("There is a file of that name already; choose another."))
        else:
            self.dismiss(Stretch(begins, ends, file))

    def _wrong(self, text: str) -> None:
        line = self.query_one("#export-wrong", Static)
        line.add_class("-wrong")
        line.update(safe(f"✕ {text}"))


async def write_recording(player: Player, whose: str, stretch: Stretch, speed: float) -> str:
    """Records the stretch and writes it; returns what to say of it. Raises `UsageError` where it cannot be written."""
    from exercise.tui.recording import record

    made = await record(player, seat=whose, first=stretch.first, last=stretch.last, speed=speed)
    text = made.text() if stretch.file.suffix == ".cast" else made.page()
    try:
        stretch.file.touch(mode=0o600, exist_ok=False)  # It shows what a log shows, and a log is for its owner alone.
        stretch.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            _("{file}: the recording cannot be written here ({strerror}).").format(
                file=stretch.file, strerror=error.strerror
            )
        ) from None
    minutes, seconds = divmod(round(made.seconds), 60)
    return _("{file} is written: {minutes}:{seconds:02} minutes. It holds what this perspective saw.").format(
        file=stretch.file, minutes=minutes, seconds=seconds
    )
