"""Where scenarios are found, by name in the library or by path, and how one is loaded whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from exercise.authoring.nearest import did_you_mean, nearest
from exercise.authoring.problems import Problem, errors_in, quoted
from exercise.authoring.slips import NEW_ITEM
from exercise.authoring.translations import Later, forms_in, read_translations, with_forms
from exercise.authoring.yaml_source import Source, load_model
from exercise.core.scenario import Scenario
from exercise.core.tongues import texts_of
from exercise.errors import ScenarioError, UsageError
from exercise.session.collector import collector_paused

FILE = "scenario.yaml"


@cache
def library_folder() -> Path:
    """The folder of the scenarios that come with the program: in the package once installed, else in the checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "scenarios"


def is_program(path: Path) -> bool:
    """Whether a file is part of the installed program, where the next update would take an author's work away."""
    package = Path(__file__).resolve().parent.parent
    return (package / "library").is_dir() and package in path.resolve().parents


def library() -> tuple[str, ...]:
    """Names of the scenarios that come with the program."""
    folder = library_folder()
    return tuple(sorted(entry.parent.name for entry in folder.glob(f"*/{FILE}"))) if folder.is_dir() else ()


def find(name: str) -> Path:
    """The file of a scenario named by its library name, its folder or its file; raises UsageError."""
    path = Path(name)
    if path.is_dir() and (path / FILE).is_file():
        return path / FILE
    if path.is_file():
        return path
    if name in library():
        return library_folder() / name / FILE
    if path.is_dir():
        entries = sorted(path.iterdir())
        near = nearest(FILE, (entry.name for entry in entries if entry.is_file()))
        below = [entry.name for entry in entries if (entry / FILE).is_file()]
        hint = f"; if it is '{near}', give that name to the command, or rename the file" if near else ""
        if below:
            hint = f"; name the scenario that is meant: {', '.join(below[:12])}{' …' if below[12:] else ''}"
        raise UsageError(f"{name}: this folder holds no {FILE}{hint}.")
    if path.suffix in (".yaml", ".yml") or len(path.parts) > 1:
        raise UsageError(f"{name}: there is no such scenario file or folder.")
    here = [entry.parent.name for entry in Path().glob(f"*/{FILE}")]
    near = did_you_mean(name, (*library(), *here)) or "."
    if Path(FILE).is_file():
        near = f"{near.removesuffix('.')}; this folder holds one, whose name here is a dot: ."
    raise UsageError(f"There is no scenario '{name}'{near} Known: {', '.join((*library(), *sorted(here)))}.")


@collector_paused()
def read_scenario(path: Path, *, later: bool = False) -> tuple[Scenario | None, list[Problem], Source]:
    """Reads and checks a scenario file: the scenario if nothing is wrong, all problems and warnings, the source.

    Files of translations are read `later`, without a word on what of them does not count, or now.
    """
    from exercise.authoring.check import check

    scenario, problems, source = load_model(path, Scenario)
    # An item without its dash is lost in the one above: that its name is not known then would be no news.
    lost = any(NEW_ITEM in problem.text for problem in problems)
    looked_at, explains = (scenario, None) if scenario or lost else _without_misfits(source)
    if looked_at is not None:
        translations: Mapping[str, Mapping[str, str]]
        translations, stale = (
            (Later(looked_at, path), []) if later else read_translations(looked_at, path, str(path)[: -len(path.name)])
        )
        problems += stale if scenario else errors_in(stale)
        if isinstance(source.data, dict) and "translations" in source.data:
            advice = "texts in other languages stand in files of their own; see `exercise translate --help`"
            problems.append(source.problem(("translations",), advice, at_key=True))
        looked_at = with_forms(with_catalogue(looked_at.model_copy(update={"translations": translations})))
        scenario = scenario and looked_at
        # What is found in a list under a misspelt name has no place but the file's own.
        known = {(problem.line, problem.column) for problem in errors_in(problems)} | {source.where(())}
        # Where something else is wrong already, a second message about the same place would only confuse.
        more = check(looked_at, source)
        if explains is not None:
            more = [p for p in errors_in(more) if (p.line, p.column) not in known and not explains(p)]
        problems = sorted({*problems, *more})
    if wrong := {(problem.line, problem.column) for problem in errors_in(problems)}:
        problems = [p for p in problems if p.severity == "error" or (p.line, p.column) not in wrong]
    return (None if errors_in(problems) else scenario), problems, source


def read_later(scenario: Scenario, language: str) -> Scenario:
    """A log's scenario with the texts of a language in which nobody read it when it was played.

    They are the library's, as far as its texts are still what the log has; what is left stays as its author wrote it.
    """
    texts = dict(forms_in(scenario, language))
    if scenario.id in library():
        path = library_folder() / scenario.id / FILE
        now, _problems, _source = load_model(path, Scenario)
        if now is not None:
            written = {one.id: one.text for one in texts_of(scenario)}
            same = {one.id for one in texts_of(now) if written.get(one.id) == one.text}
            texts |= {id: text for id, text in Later(now, path).get(language, {}).items() if id in same}
    texts |= scenario.translations.get(language, {})
    return scenario.model_copy(update={"translations": {**scenario.translations, language: texts}})


def named_otherwise(scenario: Scenario, path: Path, source: Source) -> list[Problem]:
    """A warning where folder and id differ: commands go by the one, and whoever looks for sessions by the other."""
    folder = path.resolve().parent.name
    if path.name != FILE or scenario.id == folder:
        return []
    from exercise.authoring.beginning import slug

    if scenario.id == slug(folder):
        return []
    advice = f"the folder is called {quoted(folder)}; let both be the same, since sessions are kept under the id"
    return [source.problem(("id",), advice, "warning")]


def with_catalogue(scenario: Scenario) -> Scenario:
    """The scenario with the catalogue's kinds and channels of request before its own, so that a log needs no more.

    Where it has one under an id of the catalogue's, its own stands alone.
    """
    from exercise.catalogue.requests import load_requests

    book = load_requests()
    kinds, channels = scenario.kinds_by_id, scenario.channels_by_id
    return scenario.model_copy(
        update={
            "request_kinds": (*(kind for kind in book.kinds.values() if kind.id not in kinds), *scenario.request_kinds),
            "request_channels": (
                *(channel for channel in book.channels.values() if channel.id not in channels),
                *scenario.request_channels,
            ),
        }
    )


def _without_misfits(source: Source) -> tuple[Scenario | None, Callable[[Problem], bool]]:
    """The scenario as far as it can be made out, so that every wrong name in a file is found at once.

    With it comes what tells whether a problem found in it is none of the file's own.
    """
    from exercise.authoring.misfits import mended

    scenario, guessed = mended(source, Scenario)
    return scenario, guessed.explains


def load_scenario(name: str) -> Scenario:
    """The scenario of this name or path; raises ScenarioError with every error, UsageError where no file is there."""
    scenario, problems, _ = read_scenario(find(name), later=True)
    if scenario is None:
        raise ScenarioError(tuple(map(str, errors_in(problems))))
    return scenario
