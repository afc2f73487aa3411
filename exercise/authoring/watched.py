"""A scenario's file looked at while somebody writes it: the last sound version, and what is wrong with the newest."""

from __future__ import annotations

import re
from pathlib import Path

from exercise.authoring.library import read_scenario
from exercise.authoring.problems import Problem, errors_in
from exercise.authoring.translations import FOLDER
from exercise.authoring.yaml_source import Source
from exercise.core.scenario import Scenario

__all__ = ["Watched"]

_BESIDE = re.compile(r"""\bfile:\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'{},#][^{},#\n]*))""")
_PATIENCE = 4
"""Looks for which a missing file is taken for one that an editor is about to put back."""

_Stamp = tuple[int, int, int] | None


class Watched:
    """Reads a scenario anew once its file, or a text beside it, has changed and come to rest.

    Editors write in two steps, replace files and let them be gone for a moment; so what has changed is read only when
    it is the same at two looks in a row. No clock is read here: whoever looks decides how often.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scenario: Scenario | None = None
        """The last version without errors; None where there was none yet."""
        self.source = Source(str(path))
        """The newest text, with the place of everything in it."""
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the newest text."""
        self._missing = 0
        self._seen: dict[Path, _Stamp] = {}
        self._read: dict[Path, _Stamp] = {}
        self._load()

    @property
    def sound(self) -> bool:
        """Whether the version shown is the newest."""
        return not errors_in(self.problems)

    def look(self) -> bool:
        """Looks once; True where something else is to be shown now."""
        now = self._stamps()
        before, self._seen = self._seen, now
        if now.get(self.path) is None:
            self._missing += 1
            if self._missing != _PATIENCE:
                return False
            gone = Problem(str(self.path), 0, 0, "", "the file is gone; save it again, or leave with esc")
            self.problems, self._read = (gone,), now
            return True
        self._missing = 0
        if now == self._read or now != before:
            return False
        self._load()
        return True

    def _load(self) -> None:
        # Stamps are taken before reading, so that a save in between is read at the next look.
        stamps = self._stamps()
        scenario, problems, self.source = read_scenario(self.path)
        self.scenario = scenario or self.scenario
        self.problems = tuple(problems)
        beside = self._beside()
        self._read = self._seen = stamps if stamps.keys() == {self.path, *beside} else self._stamps()

    def _beside(self) -> list[Path]:
        """The texts that the file names, whether they are there or not, and the translations that are."""
        names = dict.fromkeys("".join(found).strip() for found in _BESIDE.findall(self.source.text))
        translations = sorted((self.path.parent / FOLDER).glob("*.po"))
        return [*(self.path.parent / name for name in names), *translations][:500]

    def _stamps(self) -> dict[Path, _Stamp]:
        return {path: _stamp(path) for path in (self.path, *self._beside())}


def _stamp(path: Path) -> _Stamp:
    """What changes when a file is written or replaced; None where it is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
