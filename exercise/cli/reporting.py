"""`exercise report`: the after-action report of a log, in the forms and the edition that are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import typer

from exercise.cli.files import new_files, write_file
from exercise.cli.logs import find_log
from exercise.cli.speaking import named
from exercise.errors import UsageError
from exercise.language import SOURCE, languages, speaking
from exercise.plain.words import one_line
from exercise.report.model import AfterAction, Edition
from exercise.session.log import LoadedLog

if TYPE_CHECKING:
    from exercise.report.writing import Form

FORMS = ("html", "docx", "pdf", "md", "csv", "json")
_OTHER = re.compile(r"\.[A-Za-z]{2,4}")
"""What looks like the ending of a file: a folder of that name is not what was meant."""
_SUFFIXES = {f".{form}": form for form in FORMS} | {".htm": "html", ".markdown": "md"}


def report(
    log: str | None,
    out: str,
    forms: tuple[str, ...],
    edition: str,
    *,
    templates: str | None,
    write_templates: str | None,
    schema: bool,
    brief: bool = False,
    force: bool = False,
    language: str | None = None,
) -> None:
    """Writes the report and says what was written; what stands there already is written over only with `force`."""
    if schema:
        made = AfterAction.model_json_schema(by_alias=True, mode="serialization")
        typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
        return
    if write_templates is not None:
        _write_templates(Path(write_templates), force)
        return
    if log is None:
        raise UsageError("Name a log file, or the id of a session kept here; see `exercise log list`.")
    wanted = _edition(edition)
    place, name, chosen = _place(out, forms)
    if brief and not set(chosen) - {"csv", "json"}:
        raise UsageError("--brief leaves out the appendices of html, docx, pdf and md; csv and json have none.")
    found = find_log(log)
    from exercise.report.editions import report_of

    found, spoken = _in_language(found, language)
    with speaking(spoken):
        data = report_of(found, wanted)
        title = name or _named(found, wanted) + ("-brief" if brief else "")
        files = _files(data, chosen, title, Path(templates) if templates else None, brief)
    _write(place, files, private=data.control is not None, force=force)
    for text in data.notices:
        typer.echo(one_line(text))


def _in_language(log: LoadedLog, wanted: str | None) -> tuple[LoadedLog, str]:
    """The log with texts of the language that was asked for, and that language; else the scenario's own."""
    if log.header.content.digest not in log.openings:
        return log, SOURCE
    own = log.scenario.language
    if wanted is None:
        return log, own
    known = sorted({own, *log.scenario.translations, *languages()})
    language = named(wanted)
    if language not in known:
        raise UsageError(f"Neither log nor program speaks '{one_line(wanted)[:20]}'. Known: {', '.join(known)}.")
    from exercise.authoring.library import read_later
    from exercise.report.gather import with_scenario

    return (log if language == own else with_scenario(log, read_later(log.scenario, language))), language


def _edition(text: str) -> Edition:
    known = get_args(Edition)
    word = text.strip().lower()
    found = [edition for edition in known if word and edition.startswith(word)]
    if len(found) != 1:
        raise UsageError(f"'{one_line(text)[:40]}' is no edition; there are {', '.join(known)}.")
    return cast(Edition, found[0])


def _place(out: str, forms: tuple[str, ...]) -> tuple[Path, str, tuple[str, ...]]:
    """The folder to write to, the name of the file in it where one was given, and the forms."""
    asked = tuple(dict.fromkeys(form.strip().lower().removeprefix(".") for form in forms))
    for form in asked:
        if form not in (*FORMS, "all"):
            raise UsageError(f"'{one_line(form)[:40]}' is no form of the report; there are {', '.join(FORMS)}, or all.")
    path = Path(out)
    ending = _SUFFIXES.get(path.suffix.lower())
    if _OTHER.fullmatch(path.suffix) and ending is None and not path.is_dir():
        raise UsageError(f"{out}: '{path.suffix[1:]}' is no form of the report; there are {', '.join(FORMS)}.")
    if ending is None or path.is_dir():
        return path, "", FORMS if "all" in asked else asked or ("html",)
    if asked not in ((), (ending,)):
        raise UsageError(f"{out}: this names one {path.suffix[1:]} file; for other forms give --out a folder.")
    return path.parent, path.stem, (ending,)


def _named(log: LoadedLog, edition: Edition) -> str:
    """A name for the files; the anonymous edition's does not say which session it is of."""
    if edition == "anonymous":
        return f"{log.header.scenario}-report-anonymous"
    return f"{log.header.session}-report" + ("-participants" if edition == "participants" else "")


def _files(
    data: AfterAction, forms: tuple[str, ...], name: str, templates: Path | None, brief: bool
) -> Mapping[str, bytes]:
    """The content of every file by its path below the folder; all are made before the first is written."""
    made: dict[str, bytes] = {}
    laid_out = cast("list[Form]", [form for form in forms if form not in ("csv", "json")])
    if laid_out:
        from exercise.report.compose import compose
        from exercise.report.writing import files

        document = compose(data, brief=brief)
        for form in laid_out:
            made |= files(document, form, name, templates)
    if "json" in forms:
        made[f"{name}.json"] = (data.model_dump_json(indent=2) + "\n").encode()
    if "csv" in forms:
        from exercise.report.tables import csv_files

        made |= {f"{name}-csv/{file}": content for file, content in csv_files(data).items()}
    return made


def _write(folder: Path, files: Mapping[str, bytes], *, private: bool, force: bool) -> None:
    new_files((folder / name for name in files), force)
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{path}: the report cannot be written here ({error.strerror}).") from error
        # The facilitator's edition holds names and private words, so only its owner reads it at first.
        write_file(path, content, private=private)
        typer.echo(f"{path}  {_size(len(content))}")


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def _write_templates(folder: Path, force: bool) -> None:
    from exercise.report.writing import write_templates

    for path in write_templates(folder, force):
        typer.echo(str(path))
    typer.echo("Change them as you like, and make the report with --templates and this folder.")
