"""The documents: every example in YAML is read by the loader itself, every command named is one that there is."""

from __future__ import annotations

import os
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import create_model
from warm import warm

from exercise.authoring.yaml_source import load_model
from exercise.core.commitments import Model
from exercise.core.conditions import Condition
from exercise.core.scenario import Scenario

ROOT = Path(__file__).parent.parent
FORMAT = ROOT / "docs" / "scenario-format.md"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(exercise(?: [^`\n]+)?)`")

# A fragment is some of a scenario's parts, or a condition, each read as strictly as in a whole file.
_PARTS: dict[str, Any] = {
    name: (field.annotation | None if field.annotation else Any, None) for name, field in Scenario.model_fields.items()
}
Fragment = create_model("Fragment", __base__=Model, **_PARTS, when=(Condition | None, None))


def blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a document in one language."""
    return [text for found, text in _BLOCK.findall(path.read_text(encoding="utf-8")) if found == language]


def commands(path: Path) -> set[str]:
    """Every command line of the program that a document names, in a block or in a sentence."""
    text = path.read_text(encoding="utf-8")
    lines = [line for _, block in _BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    typed = [line.strip().removeprefix("$ ") for line in lines] + _INLINE.findall(_BLOCK.sub("", text))
    return {
        " ".join(line.split("#")[0].split()) for line in typed if line == "exercise" or line.startswith("exercise ")
    }


@cache
def help_of(words: tuple[str, ...]) -> str:
    """What `--help` of a command prints; it fails where there is no such command."""
    done = warm().run((*words, "--help"), typed=b"", cwd=Path.cwd(), env=os.environ, timeout=60)
    assert done.returncode == 0, f"exercise {' '.join(words)}: {done.stderr.decode()}"
    return done.stdout.decode()


def test_the_format_has_examples_of_all_that_authors_write_most() -> None:
    """Protects the test below from passing over a document that lost its examples."""
    keys = {line.split(":")[0] for block in blocks(FORMAT, "yaml") for line in block.splitlines() if line[:1].isalpha()}

    assert {"moves", "teams", "injects", "decisions", "facts", "indicators", "occasions", "when"} <= keys


@pytest.mark.parametrize("number", range(len(blocks(FORMAT, "yaml"))))
def test_an_example_of_the_format_is_read_without_a_problem(number: int, tmp_path: Path) -> None:
    """Protects authors, who copy from the document: what it shows is accepted as it stands, by the strict loader."""
    (tmp_path / "texts").mkdir()
    for name in ("averne-brief.md",):
        (tmp_path / "texts" / name).write_text("You want to be seen as a reliable partner.\n", encoding="utf-8")
    file = tmp_path / "fragment.yaml"
    file.write_text(blocks(FORMAT, "yaml")[number], encoding="utf-8")

    found, problems, source = load_model(file, Fragment)

    assert [str(problem) for problem in problems] == []
    assert found is not None and source.data


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_is_one_that_there_is(path: Path) -> None:
    """Protects readers who type what they read: the command exists, and so does each option shown with it."""
    for line in sorted(commands(path)):
        words = [word for word in shlex.split(line)[1:] if word not in ("…", "...")]
        words = words[: next((n for n, word in enumerate(words) if word in ("|", ">", "&&", ";")), len(words))]
        group = words[:2] if words[:1] in (["log"], ["msel"]) and len(words) > 1 else words[:1]
        # `log list|export` names several at once.
        names = group[-1].split("|") if group and not group[0].startswith("-") else []
        for name in names or [""]:
            asked = (*group[:-1], name) if name else ()
            text = help_of(asked)
            for option in (word.partition("=")[0] for word in words if word.startswith("-") and word != "-"):
                assert re.search(rf"(?<![\w-]){re.escape(option)}\b", text), f"{line}: there is no {option}"
