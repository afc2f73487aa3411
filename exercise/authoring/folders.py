"""A scenario's folder as it comes to be: its file, the texts and the schema beside it, and nothing overwritten."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from exercise.authoring.library import FILE
from exercise.authoring.translations import FOLDER as TEXTS
from exercise.authoring.yaml_writer import SCHEMA_FILE
from exercise.errors import UsageError

__all__ = ["bring_texts", "called_as", "write_folder"]


def write_folder(folder: Path, text: str, beside: Mapping[str, str] | None = None, force: bool = False) -> Path:
    """Writes `scenario.yaml`, texts by their names inside the folder, and the schema for editors; returns the file.

    A folder that is there already is refused, since somebody's work may be in it; with `force` only what would be
    written anew is replaced, and all else in it stays.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: this is a file; name a folder for the scenario.")
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise UsageError(
            f"{folder}: this folder is there already; choose another name, or say --force to write into it."
        )
    files = {FILE: text, **(beside or {}), SCHEMA_FILE: schema_text()}
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # Always with \n, so that a scenario is the same file on every system.
            path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written: {(error.strerror or 'not a usable name').lower()}.") from None
    return folder / FILE


def bring_texts(scenario: Path, folder: Path) -> None:
    """Copies the texts beside a scenario, translated ones too, and the schema; what is there already stays."""
    if scenario.parent.resolve() == folder.resolve():
        return
    texts = (*scenario.parent.rglob("*.md"), *(scenario.parent / TEXTS).glob("*.po"))
    for beside in sorted((*texts, *scenario.parent.glob(SCHEMA_FILE))):
        place = folder / beside.relative_to(scenario.parent)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(beside, place)


def called_as(text: str, folder: Path) -> str:
    """A scenario's text with the id that its folder's name makes: a copy is a scenario of its own."""
    from exercise.authoring.beginning import slug

    return re.sub(r"^id: .*$", f"id: {slug(folder.resolve().name)}", text, count=1, flags=re.MULTILINE)


@cache
def schema_text() -> str:
    """The schema as `exercise schema` prints it."""
    from exercise.authoring.schema import scenario_schema

    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"
