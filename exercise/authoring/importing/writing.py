"""A finished import as a folder: the scenario, the loss report beside it, and what `check` says of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from exercise.authoring.folders import write_folder
from exercise.authoring.importing.draft import Draft, slug
from exercise.authoring.importing.finishing import MARK, Finished, finish
from exercise.authoring.importing.report import FILE as REPORT
from exercise.authoring.library import FILE, read_scenario
from exercise.authoring.problems import Problem, errors_in, readable_path
from exercise.authoring.source_text import LARGEST_SCENARIO
from exercise.authoring.yaml_source import parse
from exercise.authoring.yaml_writer import to_yaml
from exercise.errors import UsageError

__all__ = ["Written", "write"]


@dataclass(frozen=True)
class Written:
    """What an import left on the disk."""

    scenario: Path
    report: Path
    draft: Draft
    problems: tuple[Problem, ...]

    @property
    def outcome(self) -> str:
        """What `check` said, in a line."""
        return _outcome(self.problems)


def write(draft: Draft, source: str, folder: Path | None, name: str | None, force: bool = False) -> Written:
    """Writes scenario and report into a folder; refuses to write over anything unless told to.

    `name` is the scenario's id; without it the folder's name serves, and without either the draft's title.
    """
    id = slug(name or (folder.name if folder else "") or draft.title) or "imported"
    if name and id != name:
        raise UsageError(f"'{name[:40]}' cannot be a scenario's name; write small letters, digits and dashes: {id}")
    folder = folder if folder is not None else Path(id)
    made = finish(draft, id)
    text = to_yaml(made.data, made.notes)
    if len(text.encode()) > LARGEST_SCENARIO:
        limit = LARGEST_SCENARIO // 2**20
        raise UsageError(f"{source}: this makes a scenario of more than the {limit} MB allowed; import it in parts.")
    draft.report.to_decide = _to_decide(text, made)
    target = write_folder(folder, text, force=force)
    _, problems, _ = read_scenario(target)
    report = folder / REPORT
    try:
        told = draft.report.markdown(id, source, _outcome(problems))
        report.write_text(told, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{report}: cannot be written: {(error.strerror or 'no reason given').lower()}.") from error
    return Written(target, report, draft, tuple(problems))


def _to_decide(text: str, made: Finished) -> list[str]:
    """`scenario.yaml:12: teams[legal].profile: what`, for each mark, with the line of the key it stands above."""
    source = parse(text, FILE)
    found = []
    for path, note in made.notes.items():
        line, shown = source.where(path, at_key=True).line, readable_path(made.data, path)
        found += [(line, f"{FILE}:{line}: {shown}: {said.removeprefix(MARK)}") for said in note.split("\n")]
    return [said for _, said in sorted(found, key=lambda pair: pair[0])]


def _outcome(problems: tuple[Problem, ...] | list[Problem]) -> str:
    errors = len(errors_in(problems))
    warnings = len(problems) - errors
    said = "Passes check" if not errors else f"Does not pass check yet: {errors} error{'s' * (errors > 1)}"
    return f"{said}, {warnings or 'no'} warning{'s' * (warnings != 1)}."
