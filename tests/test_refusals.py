"""What the rules refuse is told in the reader's language, and the table of such sentences keeps to the rules' own."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import exercise
from exercise.authoring.languages import reading
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import ChooseResponse
from exercise.core.refusals import SENTENCES, refusal_told
from exercise.core.scenario import Scenario
from exercise.core.tongues import in_language
from exercise.errors import CommandRejected
from exercise.language import languages
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.table import LocalTable

ROOT = Path(exercise.__file__).parent
sys.path.insert(0, str(ROOT.parent / "docs"))
import messages  # noqa: E402

REFUSALS = ("CommandRejected", "DoorClosed", "Turned", "Refused")
ASKED_BY_PROGRAMS = re.compile(
    "There is no (inject|actor|team)|The scenario has no|Fact '|“{}” has no (value|element)|The clock runs at"
    "|No indicator|The survey has no question|The improvement plan has no row"
)
"""Of what the screens offer nobody asks for these: they are for whoever writes a program against the rules."""


@pytest.fixture(scope="module")
def latvian() -> Scenario:
    """First Light, read in Latvian by all its teams."""
    return reading(load_scenario("first-light"), ("lv",))


def test_every_sentence_is_one_that_the_rules_say() -> None:
    """Protects the table from drifting: reworded in the rules, a refusal would be English again for everybody."""
    said = set()
    for path in (ROOT / "core" / "decide.py", *ROOT.glob("core/*/rules.py"), *ROOT.glob("hub/[ar]*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                said.add(_with_holes(node))
    assert [sentence for sentence in SENTENCES if re.sub(r"{\w+}", "{}", sentence) not in said] == []


def test_whatever_people_are_refused_with_has_a_translation() -> None:
    """Protects readers of another language: whoever writes a refusal or a last word is told to mark or list it."""
    known = {message.id for message in messages.template()} | {re.sub(r"{\w+}", "{}", each) for each in SENTENCES}
    lost = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted(ROOT.rglob("*.py"))
        for text in _refusals(ast.parse(path.read_text(encoding="utf-8")))
        if text not in known and not ASKED_BY_PROGRAMS.match(text)
    }
    assert lost == set()


def _refusals(tree: ast.Module) -> Iterator[str]:
    """The texts of all refusals and last words, where a function writes them down beside the code or in a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in REFUSALS:
            for text in [one.value for one in node.keywords if one.arg == "text"] or node.args[1:2]:
                named = text.id if isinstance(text, ast.Name) else ""
                for one in (text, *(_given(tree, named) if named else ())):
                    if isinstance(one, ast.JoinedStr):
                        yield _with_holes(one)
                    elif isinstance(one, ast.Constant):
                        yield str(one.value)


def _given(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    """What a module gives a name, marked or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
            yield node.value


def _with_holes(text: ast.JoinedStr) -> str:
    return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in text.values)


@pytest.mark.parametrize("language", languages()[1:])
def test_a_refusal_is_told_with_the_titles_that_its_reader_reads(latvian: Scenario, language: str) -> None:
    """Protects a team told why something cannot be: no sentence is left in English, and titles are the reader's."""
    scenario = reading(latvian, (language,))
    read, title = in_language(scenario, language), scenario.decisions[0].title
    for sentence in SENTENCES:
        text = sentence.format_map(
            dict.fromkeys(("who", "name", "entry", "fact", "kind"), "Anna")
            | {"title": title, "team": "Elvast", "time": "T+1:40", "count": "3", "label": "has lapsed", "answer": title}
        )
        told = refusal_told(text, read)
        assert told != text and title not in told and "has lapsed" not in told, told
        assert ("T+1:40" in told) == ("{time}" in sentence)
    assert refusal_told("What Ilze wrote.", read) == "What Ilze wrote."
    assert refusal_told("The window for “X” has closed.", load_scenario("first-light")).startswith("The window")


async def test_a_team_is_refused_in_its_language(latvian: Scenario) -> None:
    """Protects the way from the rules to the screen: what a seat hears is Latvian, whoever asked before."""
    session = Session.start_new(latvian, load_reference(), MemoryStore(), seed=1)
    table = LocalTable(session, ("dunmere",), {})
    client = table.client("dunmere")
    await table.start()
    while not client.view().open_decisions:
        await table.step()
    decision = client.view().open_decisions[0]
    answer = ChooseResponse(decision=decision.id, revision=decision.revision, option=decision.options[0].id, reason="")
    await client.submit(answer)
    with pytest.raises(CommandRejected, match="jau atbildēja") as refused:
        await client.submit(answer)
    assert decision.title in refused.value.text and decision.options[0].title in refused.value.text
