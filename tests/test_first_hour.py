"""What an author meets in the first hour: every slip has one message that says what to write, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from exercise.authoring.library import find, read_scenario
from exercise.cli import commands as _commands  # noqa: F401, its commands are declared as it loads
from exercise.cli.arguments import app
from exercise.errors import UsageError

ADDED = """\
  - id: caller
    at: T+0:40
    to: [alda]
    channel: phone
    from: Harbour police, Alda
    title: A caller at the station
    text: A clerk says that he was offered money for a password.
    notes: The clerk is honest.

"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that `exercise new` writes, with one inject more."""
    folder = tmp_path_factory.mktemp("desk") / "river"
    words = ["new", str(folder), "--yes", "--team", "Republic of Alda", "--team", "Shore Bank: company", "--moves", "2"]
    assert CliRunner().invoke(app, words).exit_code == 0
    file = folder / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace("injects:\n", f"injects:\n{ADDED}", 1)
    file.write_text(text, encoding="utf-8")
    return file


SLIPS = [
    ("to: [alda]", "to: [Republic of Alda]", "its id belongs here: alda"),
    ("to: [alda]", "to: [alda and Shore Bank]", "part them by commas: [alda, shore-bank]"),
    ("to: [alda]", "to: [alda shore-bank]", "part them by commas: [alda, shore-bank]"),
    ("to: [alda]", "to: [alda; Shore Bank]", "part them by commas: [alda, shore-bank]"),
    ("to: [alda]", "to: [alda，shore-bank]", "part them by commas: [alda, shore-bank]"),
    ("to: [alda]", "to: [everyone]", "did you mean 'all'?"),
    ("to: [alda]", "to: [alda/police]", "known: ministry-of-foreign-affairs, response-team"),
    ("    at: T+0:40", "    time: T+0:40", "did you mean 'at'?"),
    ("    text: A clerk", "    body: A clerk", "did you mean 'text'?"),
    ("    title: A caller", "    subject: A caller", "did you mean 'title'?"),
    (
        "    notes: The",
        "    when: {chose: alda-account, option: shut}\n    notes: The",
        "known: close, free, tell, watch",
    ),
    ("    notes: The", "    when: {fact: way-in, is: insider}\n    notes: The", "known: clerk, supplier"),
    ("    notes: The", "    when: flag: warned\n    notes: The", "a condition stands in braces"),
    ("    notes: The", "    when: [{flag: warned}]\n    notes: The", "write { all: [ … ] }"),
    ("    notes: The", "    effects: {indicator: counters, by: 4}\n    notes: The", "put '- ' before its first line"),
    ("    notes: The", "    effects: [{indicator: counters, by: 4%}]\n    notes: The", "did you mean 4?"),
    ("    notes: The", "    effects: [{indicator: counters, by: −4}]\n    notes: The", "did you mean -4?"),
    ("    notes: The", "    effects: [{indicator: counters, by: '0,5'}]\n    notes: The", "did you mean 0.5?"),
    ("  - id: caller", "  id: caller", "indented deeper than the one above"),
    ("    team: alda\n    title", "    team: [alda]\n    title", "without brackets or dash"),
    ("    team: alda\n    title", "    to: alda\n    title", "did you mean 'team'?"),
]


@pytest.mark.parametrize(("before", "after", "words"), SLIPS)
def test_each_slip_has_one_message_that_says_what_to_write(begun: Path, before: str, after: str, words: str) -> None:
    """Protects people who never programmed: one slip, one line, and what to write in its words."""
    whole = begun.read_text(encoding="utf-8")
    assert before in whole
    wrong = begun.with_name("wrong.yaml")
    wrong.write_text(whole.replace(before, after, 1), encoding="utf-8")
    _, problems, _ = read_scenario(wrong)
    assert len(problems) == 1 and words in problems[0].text, [str(one) for one in problems]
    line = whole.count("\n", 0, whole.index(before)) + 1
    assert problems[0].line in (line, line + 1) and problems[0].column > 1


def test_a_scenario_of_ones_own_is_found_by_a_name_that_is_nearly_right(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects whoever stands beside the folder, or in it: both are said, and not only what the library has."""
    monkeypatch.chdir(begun.parent.parent)
    with pytest.raises(UsageError, match=r"did you mean 'river'\? Known: .*, river\."):
        find("rivver")
    monkeypatch.chdir(begun.parent)
    with pytest.raises(UsageError, match="this folder holds one, whose name here is a dot"):
        find("river")
    assert find(".") == Path("scenario.yaml")
