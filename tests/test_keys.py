"""The page of all keys is in step with the models, and the weekend's tutorial runs as it is written."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, create_model
from typer.testing import CliRunner

from exercise.authoring.yaml_source import load_model
from exercise.cli import commands as _commands  # noqa: F401, its commands are declared as it loads
from exercise.cli.arguments import app
from exercise.core.commitments import Model
from exercise.core.script import Inject

DOCS = Path(__file__).parent.parent / "docs"
sys.path.insert(0, str(DOCS))
import keys  # noqa: E402

TUTORIAL = DOCS / "writing-a-scenario.md"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def page() -> str:
    """The page as it is kept."""
    return keys.FILE.read_text(encoding="utf-8")


def test_the_page_is_what_the_models_say(page: str) -> None:
    """Authors look keys up on a page that is written from the models; run `python docs/keys.py` after a change."""
    assert page == keys.document()


def test_every_key_is_there_with_what_it_means_and_an_example(page: str) -> None:
    """No key is left for an author to find out: each says what it takes, what it means, and how it looks."""
    sections = {part.split("\n")[0]: part for part in page.split("\n## ")[1:]}
    for model, key in keys.every_key():
        section = sections[keys._title(model)]
        found = re.search(
            rf"^- \*\*`{re.escape(key)}`\*\*: (.+?);.*\.  \n  (\S.*)\n((?:  .*\n|\n(?=  ))*)", section, re.M
        )
        assert found is not None, (model, key)
        assert len(found[2].strip()) > 8, (model, key)
        example = found[3]
        assert f"{key}:" in example or re.search(r"Examples: \[", example), (model, key)


def test_examples_are_yaml_that_is_read(page: str) -> None:
    """What somebody copies from the page is taken as it stands."""
    for line in re.findall(r"^  `(\w+: .*)`$", page, re.M):
        assert isinstance(yaml.safe_load(line), dict), line
    for _, block in _BLOCK.findall(page):
        assert yaml.safe_load(block), block


@pytest.mark.parametrize(("place", "value"), sorted(keys.OWN_EXAMPLES.items(), key=str))
def test_examples_of_our_own_fit_the_models(place: tuple[str, str], value: Any) -> None:
    """Where no scenario has an example, the one made up for the page is one that the program accepts."""
    name, key = place
    if isinstance(value, dict) and value.keys() == {"file"}:
        value = "The text of the file."
    waiting: list[type[Model]] = [Model]
    while waiting:
        one = waiting.pop(0)
        waiting += one.__subclasses__()
        fields = {field.alias or found: field for found, field in one.model_fields.items()}
        if one.__name__ == name and key in fields and one.__module__.startswith("exercise.core"):
            field = fields[key]
            TypeAdapter(Any if field.annotation is None else field.annotation).validate_python(value)
            return
    raise AssertionError(place)


def test_the_tutorial_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A facilitator who types what the page shows gets where it says; what needs a screen is begun by lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path / "data"))
    lines = [line for _, block in _BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")) for line in block.splitlines()]
    typed = [line for line in lines if line.startswith("exercise ")]
    assert [line.split()[1] for line in typed].count("new") == 2 and len(typed) >= 8
    runner = CliRunner()
    for line in typed:
        words = shlex.split(line)[1:]
        answers = ""
        if words[0] == "new" and "--yes" in words:
            words += ["--force"]
        elif words[0] == "new":
            answers = "\n" * 12
        elif words[0] == "play":
            words += ["--plain"]
            answers = "quit\n"
        elif words[0] == "preview" and "--plain" not in words:
            words += ["--plain"]
        elif words[0] == "analyse":
            # Minutes on a slow machine; it has tests of its own. The page names a command that there is.
            words = ["analyse", "--help"]
        done = runner.invoke(app, words, input=answers)
        assert done.exit_code == 0, (line, done.output[-2000:], done.exception)


def test_the_tutorials_example_is_read(tmp_path: Path) -> None:
    """The piece of YAML that a beginner copies is right."""
    found = next(
        block for language, block in _BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")) if language == "yaml"
    )
    file = tmp_path / "fragment.yaml"
    file.write_text(found, encoding="utf-8")
    fragment = create_model("Fragment", __base__=Model, injects=(tuple[Inject, ...], ...))
    made, problems, _ = load_model(file, fragment)
    assert made is not None and not problems
