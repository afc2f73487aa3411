"""`exercise translate`: a gettext file for a scenario in another language, brought up to date and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from exercise.authoring.folders import bring_texts, called_as
from exercise.authoring.library import FILE, find, is_program
from exercise.authoring.problems import Problem, errors_in
from exercise.authoring.translations import (
    CATALOGUE,
    CITED,
    FOLDER,
    LANGUAGE,
    catalogue_words,
    cited_words,
    open_po,
)
from exercise.authoring.translations_check import MISSING, Count, counts, findings, interface_findings
from exercise.authoring.translations_file import Notes, hint, made
from exercise.authoring.yaml_source import Source, load_model
from exercise.cli.files import new_file
from exercise.core.scenario import Scenario
from exercise.core.tongues import Words, texts_of
from exercise.errors import ScenarioError, UsageError
from exercise.session.exchanging import exchange

if TYPE_CHECKING:
    import polib

FORMS = "forms"
"""In place of a scenario: the catalogue's kinds and channels of request, which the forms of all scenarios show."""

TEXTS = "commitments"
"""In place of a scenario: the instruments and commitments, which marks and reports cite, the threats and actors."""

MOST_MISSING = 20
"""Texts without a translation that are listed one by one."""

_INTERFACE = Path(__file__).resolve().parent.parent / "locale"


class _Work:
    """What is to be translated: its texts, what it is called, and where its file belongs."""

    def __init__(self, name: str, language: str) -> None:
        self.scenario: Path | None = None
        """Its file; the request forms have none."""
        self.of_library = False
        """Whether it was named as the library has it, and not by its place."""
        if name == FORMS:
            self.title, self.file = "Request forms", CATALOGUE / f"{language}.po"
            self.words = catalogue_words()
            self.notes: Notes = lambda one: ("Read by: whoever fills in or answers a request.", "", "")
            return
        if name == TEXTS:
            self.title, self.file, self.words = "Commitments", CITED / f"{language}.po", cited_words()
            self.notes = lambda one: (_read_with(one), "", "")
            return
        path = find(name)
        scenario, problems, source = load_model(path, Scenario)
        if scenario is None:
            raise ScenarioError(tuple(map(str, errors_in(problems))))
        if language == scenario.language:
            raise UsageError(f"{path}: this scenario is written in '{language}'; name a language to translate it into.")
        self.scenario, self.of_library = path, Path(name) not in (path, path.parent)
        self.title, self.file = scenario.title, path.parent / FOLDER / f"{language}.po"
        self.words = tuple(texts_of(scenario))
        self.notes = _notes(scenario, source, path.name)


def _read_with(one: Words) -> str:
    if one.id.startswith("catalogue_actors."):
        return "Read by: whoever looks an actor up."
    return "Read by: whoever looks a commitment up, and with every mark under it."


def _notes(scenario: Scenario, source: Source, name: str) -> Notes:
    def notes(one: Words) -> tuple[str, str, str]:
        return hint(scenario, one), name, str(source.where(one.place).line)

    return notes


def translate(
    name: str, language: str, out: str | None, *, check: bool, update: bool, interface: bool, force: bool
) -> None:
    """Writes, updates or checks the file of one language; exit code 1 where a check finds something."""
    if not LANGUAGE.fullmatch(language):
        raise UsageError(f"'{language[:20]}' is no language as files are named; write it as lv, ro or pt_BR.")
    if check and (out or update or force):
        raise UsageError("--check writes nothing; leave --out, --update and --force out.")
    if interface and not check:
        raise UsageError("--interface goes with --check; the program's own words are drawn out by `make messages`.")
    work = _Work(name, language)
    if check:
        _check(work, language, interface)
    else:
        _write(work, language, out, update=update, force=force)


def _write(work: _Work, language: str, out: str | None, *, update: bool, force: bool) -> None:
    there = work.file.is_file()
    target, edition = _target(work, language, out)
    if update and not there:
        raise UsageError(f"{_shown(work.file)}: there is no such file yet; make it by leaving --update out.")
    if not update and not out and there and not force:
        raise UsageError(
            f"{_shown(target)}: there is a file already: bring it up to date with --update, see --check, "
            "or say --force to write it again with what is done."
        )
    if out and out != "-":
        new_file(str(target), force)
    # A translation that is there is never begun anew: whoever asks for another file gets it with what is done.
    before = _opened(work.file) if there else None
    file = made(work.words, language, work.title, work.notes, before)
    text = f"{file}\n"
    if out == "-":
        typer.echo(text, nl=False)
        return
    beside = target.with_name(f"{target.name}.new")
    try:
        if edition is not None and work.scenario is not None:
            _begin_edition(work.scenario, edition)
        if target == work.file or edition:
            target.parent.mkdir(exist_ok=True)
        beside.write_text(text, encoding="utf-8", newline="\n")
        exchange(beside, target)
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise UsageError(f"{_shown(target)}: cannot be written: {why}. --out says where else.") from None
    all_ = _sum(counts(file, work.words))
    typer.echo(f"{_shown(target)}: {_told(all_)}.")
    if all_.words:
        typer.echo(f"{all_.words} words are still to be translated, in Poedit or any other editor of gettext files.")
    if edition is not None:
        shown = f'"{edition}"' if " " in str(edition) else edition
        typer.echo(f"{edition} is an edition of your own, played as: exercise play {shown} --language {language}")


def _target(work: _Work, language: str, out: str | None) -> tuple[Path, Path | None]:
    """The file to write, and the folder of an own edition of the scenario where --out names one.

    A file in the installed program is not written: the next update would take the translator's work away. Nor is one
    of the library in a checkout, unless its place was named.
    """
    if out is None:
        if is_program(work.file):
            where = "--out FILE.po" if work.scenario is None else "--out FOLDER, an edition of your own"
            raise UsageError(f"{_shown(work.file)} is part of the installed program; say where to write with {where}.")
        if work.of_library and work.scenario is not None:
            raise UsageError(
                f"{_shown(work.file)} belongs to the scenarios that come with the program; say where to write with "
                f"--out FOLDER, an edition of your own, or name {_shown(work.scenario.parent)} to translate it there."
            )
        return work.file, None
    path = Path(out)
    if out == "-" or path.suffix.lower() in (".po", ".pot"):
        return path, None
    if work.scenario is None:
        raise UsageError(f"{out}: these texts have no folder of their own; name a file that ends in .po.")
    if (path / FILE).exists():
        raise UsageError(
            f"{out}: there is a scenario already; to translate that one: exercise translate {out} {language}"
        )
    return path / FOLDER / f"{language}.po", path


def _begin_edition(scenario: Path, folder: Path) -> None:
    """Copies a scenario with its texts to a folder of the author's own, where what is translated is read."""
    folder.mkdir(parents=True, exist_ok=True)
    text = called_as(scenario.read_text(encoding="utf-8"), folder)
    (folder / FILE).write_text(text, encoding="utf-8", newline="\n")
    bring_texts(scenario, folder)


def _check(work: _Work, language: str, interface: bool) -> None:
    if not work.file.is_file():
        raise UsageError(f"{_shown(work.file)}: there is no such file yet; make it by leaving --check out.")
    file = _opened(work.file)
    found = findings(file, _shown(work.file), work.words)
    parts = counts(file, work.words)
    wide = max(map(len, parts))
    typer.echo(f"{work.title}, {language}: {_told(_sum(parts))}.")
    typer.echo(f"  {'':<{wide}}  texts  translated  to look at  words left")
    for part, count in parts.items():
        done, rest = f"{count.texts:>5}  {count.done:>10}", f"{count.to_look_at:>10}  {count.words:>10}"
        typer.echo(f"  {part:<{wide}}  {done}  {rest}")
    if interface:
        found += _interface(language)
    # What is missing can be seen in the file; it must not bury what is wrong with the rest.
    missing = [problem for problem in found if problem.text == MISSING]
    others = [problem for problem in found if problem.text != MISSING]
    for problem in (*others, *missing[:MOST_MISSING]):
        typer.echo(str(problem))
    if len(missing) > MOST_MISSING:
        typer.echo(f"… and {len(missing) - MOST_MISSING} more that are not translated")
    if found:
        typer.echo(f"{len(found)} {'finding' if len(found) == 1 else 'findings'}.")
        raise typer.Exit(1)


def _interface(language: str) -> list[Problem]:
    path = _INTERFACE / language / "LC_MESSAGES" / "exercise.po"
    if not path.is_file():
        return [Problem(_shown(path), 0, 0, "", "the interface has no such language yet")]
    return interface_findings(_opened(path), _shown(path))


def _opened(path: Path) -> polib.POFile:
    file, problems = open_po(path, _shown(path))
    if file is None:
        raise ScenarioError(tuple(str(problem).replace(" warning:", "") for problem in problems))
    return file


def _sum(parts: dict[str, Count]) -> Count:
    found = parts.values()
    return Count(
        sum(one.texts for one in found),
        sum(one.done for one in found),
        sum(one.to_look_at for one in found),
        sum(one.words for one in found),
    )


def _told(count: Count) -> str:
    look = f", {count.to_look_at} to look at" if count.to_look_at else ""
    return f"{count.done} of {count.texts} texts translated{look}"


def _shown(path: Path) -> str:
    """The path as short as it can be said from here, so that lines stay readable and editors can still jump."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
