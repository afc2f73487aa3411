"""Brings the interface's translations up to date: what the source says, the PO files, and what the program reads.

Run by `make messages`. Words are found in the source by the calls that mark them, and by where only words can stand:
names and hints of keys, refusals, and the names of grades and areas.
"""

from __future__ import annotations

import ast
import enum
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from exercise.core.acts import ActKind
from exercise.core.commitments import Area, Kind
from exercise.core.requests.kinds import Purpose, Step
from exercise.core.script import Channel, Grade, Lacking, channel_name

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "exercise" / "locale"
TEMPLATE = LOCALE / "exercise.pot"
SOURCES = (
    *(f"{folder}/**/*.py" for folder in ("cli", "core", "hub", "plain", "session", "tui")),
    "authoring/in_words.py",
    "catalogue/show*.py",
    "language.py",
    "report/*.py",
    "hub/templates/*.html",
    "hub/web/*.html",
)
"""Where words are looked for; the tools of authors and analysts are in English alone."""
ELSEWHERE = (
    *("higher", "lower", "technical", "operational", "political"),
    *("participant", "facilitator", "controller", "observer", "evaluator", "spectator"),
)
"""Words that are handed on as they stand: which way is better, whose level a contact is, and whom a code is for."""
HEAD = "The interface of exercise{}.\nWritten by `make messages` from the source; see docs/translating.md."
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_DATED = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid", "Last-Translator", "Language-Team")

Found = tuple[str | tuple[str, str], int]


def words_of(source: str) -> Iterator[Found]:
    """The texts of one file that somebody may read, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _called(node)


def marked(template: str) -> Iterator[Found]:
    """The texts of a page's template, each with its line."""
    for found in re.finditer(r"""\b_\((["'])(.+?)\1\)""", template):
        yield found[2], template.count("\n", 0, found.start()) + 1


def _called(call: ast.Call) -> Iterator[Found]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    texts = [_text(one) for one in call.args]
    if name in ("_", "N_") and texts and texts[0]:
        yield texts[0], call.args[0].lineno
    elif name == "ngettext" and len(texts) > 1 and texts[0] and texts[1]:
        yield (texts[0], texts[1]), call.lineno
    elif name == "Told" and isinstance(call.args[0], ast.Dict):
        for value in call.args[0].values:
            for one in value.elts if isinstance(value, ast.Tuple) else (value,):
                if text := _text(one):
                    yield text, one.lineno
    elif name in ("counted", "_counted") and len(texts) > 1 and texts[1]:
        many = texts[2] if len(texts) > 2 else f"{texts[1]}s"
        yield (f"{{number}} {texts[1]}", f"{{number}} {many}"), call.lineno
    elif name == "Binding":
        hints = [one.value for one in call.keywords if one.arg in ("description", "tooltip")]
        for one in (*call.args[2:3], *hints):
            if text := _text(one):
                yield text, one.lineno
    elif name in ("CommandRejected", "DoorClosed") and len(texts) > 1 and texts[1]:
        yield texts[1], call.args[1].lineno


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def new(language: str | None = None) -> Catalog:
    """A catalogue without texts."""
    named = f" in {language}" if language else ""
    comment = "\n".join(f"# {line}" for line in HEAD.format(named).split("\n"))
    return Catalog(locale=language, project="exercise", charset="utf-8", fuzzy=False, header_comment=comment)


def template() -> Catalog:
    """All the texts of the source, by the first place where each stands."""
    catalogue = new()
    names: tuple[type[enum.Enum], ...] = (Grade, Lacking, Area, Kind, Purpose, Channel, ActKind, Step)
    for kind in names:
        for one in kind:
            words = str(one.value)
            in_words = kind in (Channel, ActKind, Step) and one is not Channel.EMAIL
            catalogue.add(words.replace("-", " ") if in_words else words)
            if kind is Channel:
                catalogue.add(channel_name(words))
    for words in ELSEWHERE:
        catalogue.add(words)
    for pattern in SOURCES:
        for path in sorted((ROOT / "exercise").glob(pattern)):
            place, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
            for text, _ in words_of(source) if path.suffix == ".py" else marked(source):
                flags = ("python-brace-format",) if "{" in str(text) else ()
                catalogue.add(text, locations=[(place, None)], flags=flags)  # type: ignore[list-item]
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file holds it, the same from the same texts."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, omit_header=False, sort_by_file=True, ignore_obsolete=True)
    lines = out.getvalue().decode().split("\n")
    return "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in _DATED))).encode()


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads, the same from the same texts."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    return read_po(io.BytesIO(path.read_bytes()), locale=path.parts[-3] if path.suffix == ".po" else None)


def main() -> None:
    """Writes the template, brings each PO file in step with it, and compiles it."""
    made = template()
    TEMPLATE.write_bytes(written(made))
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/exercise.po")):
        catalogue = read(path)
        catalogue.update(made, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        total = len(catalogue)
        done = sum(
            all([one.string] if isinstance(one.string, str) else one.string or [""]) for one in catalogue if one.id
        )
        print(f"{path.parts[-3]}: {done} of {total} texts")


if __name__ == "__main__":
    main()
