"""The report as PDF, tagged for readers who listen, set by typst without network and without the machine's fonts."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercise.errors import UsageError
from exercise.report.blocks import Document
from exercise.report.layout import laid_out
from exercise.report.templating import read
from exercise.report.writing import OURS, template

if TYPE_CHECKING:
    import typst

ACCESSIBLE = "ua-1"
"""The standard that says what a screen reader may rely on: titles, headings, texts for pictures, heads of tables."""


def to_pdf(document: Document, templates: Path | None = None) -> bytes:
    """The whole report as a PDF; a host's `report.typ` is used where it is given.

    The template reads texts as data from `report.json` and never as its own language, so nothing in them is carried
    out. It sees one folder, which holds that file, the figures and whatever lies beside the host's own template.
    """
    try:
        import typst
    except ImportError:
        raise UsageError("Reports and manuals need more libraries: pip install 'exercise[report]'") from None
    path = template("report.typ", templates)
    data = laid_out(document)
    figures = data.pop("figures")
    with tempfile.TemporaryDirectory(prefix="exercise-report-") as name:
        room = Path(name)
        if path.parent != OURS:
            _bring(path.parent, room)
            _no_packages(path)
        (room / "report.typ").write_text(read(path), encoding="utf-8")
        (room / "report.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for number, svg in enumerate(figures, 1):
            (room / f"figure-{number}.svg").write_text(svg, encoding="utf-8")
        try:
            return _set(room, [ACCESSIBLE])
        except typst.TypstError:
            # A letter that no font here has, or a host's plainer template, breaks the standard; it stays a tagged PDF.
            try:
                return _set(room, [])
            except typst.TypstError as error:
                raise UsageError(_told(error, path, room)) from error


_BROUGHT = {".gif", ".jpeg", ".jpg", ".otf", ".png", ".svg", ".ttf", ".typ"}


def _bring(folder: Path, room: Path) -> None:
    """What a host's template may use: its pictures, fonts and parts, from the folder itself."""
    for file in folder.iterdir():
        if file.suffix.lower() in _BROUGHT and file.is_file():
            (room / file.name).write_bytes(file.read_bytes())


_PACKAGE = re.compile(r'"@[\w-]+/[^"]*"')


def _no_packages(path: Path) -> None:
    """Refuses what typst would fetch from the network: a report says to nobody that it is being written."""
    for number, line in enumerate(read(path).splitlines(), 1):
        if found := _PACKAGE.search(line):
            raise UsageError(
                f"{path}:{number}: the package {found[0]} comes from the network; put its files beside the template."
            )


def _set(room: Path, standards: list[Any]) -> bytes:
    import matplotlib
    import typst

    # For letters that typst's own fonts lack: matplotlib, which draws the figures, brings Cyrillic, Arabic, Hebrew.
    fonts = typst.Fonts(font_paths=[str(room), str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")])
    made = typst.compile(
        str(room / "report.typ"),
        root=str(room),
        font_paths=fonts,
        format="pdf",
        pdf_standards=standards,
        # The same report is the same file, and packages of the network are not looked for.
        timestamp=0,
        package_path=str(room),
        package_cache_path=str(room),
    )
    assert isinstance(made, bytes)
    return made


_PLACE = re.compile(r"([\w./-]+\.typ):(\d+):(\d+)")


def _told(error: typst.TypstError, path: Path, room: Path) -> str:
    """One line with the template's place, from typst's account over many."""
    account = re.sub(r"\x1b\[[0-9;]*m", "", error.diagnostic or "")
    place = _PLACE.search(account)
    hint = f" ({error.hints[0]})" if error.hints else ""
    where = f"{path.parent / Path(place[1]).name}:{place[2]}" if place else str(path)
    return " ".join(f"{where}: {error.message}{hint}".replace(str(room), str(path.parent)).split())[:400]
