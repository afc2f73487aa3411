"""The shape of the code: what may load what, what is public, and how large a file may grow."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import exercise
from exercise import errors

PACKAGE = Path(exercise.__file__).parent
ROOT = Path(__file__).parent.parent
MOST_LINES = 450
TEXT_FILES = {".css", ".in", ".json", ".md", ".py", ".sh", ".tcss", ".toml", ".txt", ".yaml", ".yml"}

# A file below someone's own folders: such a path means that something works on one machine only.
SOMEONES_PATH = re.compile(r"(?<![\w.:/~-])/(?:home|root|Users|work|workspace|mnt|srv)/[\w.]")


def loaded_by(modules: Iterable[str]) -> set[str]:
    """Name every package that a fresh Python holds after importing these modules, and nothing else before."""
    imports = [f"importlib.import_module({name!r})" for name in modules]
    answer = "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    program = "\n".join(["import importlib, json, sys", *imports, answer])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def modules_of(part: str) -> list[str]:
    """Name every module of a part of the package, from its files."""
    files = sorted((PACKAGE / part).rglob("*.py"))
    names = [".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names]


def files_of_the_project() -> list[Path]:
    """List the files that people write, leaving out what tools put beside them."""
    parts = ["benchmarks", "docs", "exercise", "requirements", "scenarios", "tests"]
    below = [file for part in parts for file in (ROOT / part).rglob("*")]
    return [file for file in [*below, *ROOT.glob("*")] if file.is_file() and file.suffix in TEXT_FILES]


def test_core_loads_no_screen_database_or_format() -> None:
    """Protects the pure core: the rules run where there is no terminal, no database and no file."""
    modules = modules_of("core")

    loaded = loaded_by(modules)

    assert "exercise.core" in modules
    assert not loaded & {"platformdirs", "rich", "sqlalchemy", "textual", "typer", "yaml"}


def test_core_loads_nothing_else_of_the_program() -> None:
    """Protects the direction of imports: the core stands on its own, beside the tree of errors and the language."""
    program = (
        f"import importlib, sys\nfor name in {modules_of('core')!r}: importlib.import_module(name)\n"
        "print(*(name for name in sys.modules if name.startswith('exercise.')))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    strangers = [name for name in done.stdout.split() if not re.match(r"exercise\.(core|errors|language)(\.|$)", name)]
    assert strangers == []


def test_command_line_loads_nothing_heavy() -> None:
    """Protects the start of every command: help and version come at once, and each command loads only what it needs."""
    loaded = loaded_by(["exercise.cli"])

    assert not loaded & {"pydantic", "sqlalchemy", "textual", "yaml"}


def test_public_errors_are_declared() -> None:
    """Protects callers who catch errors: every public name of the module is promised, and nothing else is."""
    defined = {
        name
        for name, value in vars(errors).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == errors.__name__
    }

    assert sorted(errors.__all__) == sorted(defined)
    assert all(issubclass(getattr(errors, name), errors.ExerciseError) for name in errors.__all__)


def test_package_says_that_it_is_typed() -> None:
    """Protects those who write against the package: type checkers read its annotations only beside this marker."""
    assert (PACKAGE / "py.typed").is_file()


def test_files_stay_readable_in_one_sitting() -> None:
    """Protects the reader: a file that outgrows this has a natural wall somewhere."""
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in PACKAGE.rglob("*.py")}

    too_long = {str(file.relative_to(PACKAGE)): count for file, count in lines.items() if count > MOST_LINES}

    assert too_long == {}


def test_nothing_names_a_path_of_one_machine() -> None:
    """Protects everyone else's machine: no file of the project leans on a folder that only its writer has."""
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files_of_the_project()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if SOMEONES_PATH.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("open('" + "/home" + "/ann/x')", True),
        ("see https://example.org/home/page", False),
        ("scenarios/home/x", False),
    ],
)
def test_paths_of_one_machine_are_recognised(line: str, caught: bool) -> None:
    """Protects the test above from passing because it sees nothing."""
    assert bool(SOMEONES_PATH.search(line)) is caught
